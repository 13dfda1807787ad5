"""Chromium for tests: what it is started with, and pages that are caught asking anything but their server."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from detente.web import bundle
from tests.unit.web.serving import Serving

#: The dispute that a tab opens unless another is named.
NAME = "river.conflict.yaml"
#: Names that would be markup, turn the writing round, or never end.
HOSTILE = ("<script>alert(1)</script><img src=x onerror=alert(2)>", "\u202egnorw\u202c ملف", "x" * 10_000)
#: What the machine may call Chromium, the best first: the shell has no window, and takes half the time for a page.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
#: Without these it looks for updates and addresses of its maker's at every start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing is drawn by a device, and what crosses from one process to another costs twice.
    "--in-process-gpu",
    "--enable-features=NetworkServiceInProcess2",
    # The threads that compile and collect beside a page take from the other tests what they save it: a quarter.
    "--js-flags=--single-threaded",
    # The tabs of a context share a process, and with it what that has read and compiled; see `opened`.
    "--process-per-site",
    # A new tab is blank first, and would have another process for that moment.
    "--renderer-process-limit=1",
)


def chromium() -> str | None:
    """Where the machine's Chromium is."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def reason() -> str:
    """Why pages cannot be tried here; empty where they can."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "the package playwright is not installed"
    if chromium() is None:
        return "there is no Chromium on this machine: install it (Debian: apt-get install chromium-headless-shell)"
    return ""


def build() -> None:
    """Build what the pages run, or leave the tests out where that cannot be done."""
    try:
        bundle.ensure()
    except bundle.BundleError as error:
        pytest.skip(f"the pages cannot be built here: {error}")


@dataclass
class Heard:
    """What a page said while it was open."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def browser() -> Iterator[Any]:
    """Start Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # On a busy machine it takes long to start, and every later test of this process would fail with it.
        found = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS), timeout=180_000)
        yield found
        found.close()


def watched(page: Any, base: str) -> Heard:
    """Listen to a page: what it asks other than its server, what the policy refuses, and what goes wrong in it."""
    heard = Heard()
    allowed = (base, base.replace("http://", "ws://"), "data:", "blob:" + base)

    def asked(address: str) -> None:
        if not address.startswith(allowed):
            heard.foreign.append(address)

    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda socket: asked(socket.url))
    page.on("pageerror", lambda error: heard.errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            heard.errors.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    page.on("dialog", lambda dialog: (heard.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return heard


#: Looks in the page itself whether something is true: asking from outside costs forty times as much.
LOOKING = """() => new Promise((tell, fail) => {
    const last = performance.now() + %d;
    const look = () => {
        try {
            if (%s) tell(true);
            else if (performance.now() > last) tell(false);
            else setTimeout(look, 40);
        } catch (error) {
            fail(error);
        }
    };
    look();
})"""


def until(page: Any, expression: str, seconds: float = 30) -> None:
    """Wait until something is true of a page; the driver's own way would evaluate text, which the policy refuses."""
    from playwright.sync_api import Error

    last = time.monotonic() + seconds
    while (left := last - time.monotonic()) > 0:
        try:
            assert page.evaluate(LOOKING % (left * 1000, expression)), f"never true: {expression}"
            return
        except Error as error:
            # The page has gone to another address meanwhile.
            if "context was destroyed" not in str(error):
                raise
    raise AssertionError(f"never true: {expression}")


#: What is on a page once it can be used, by the first part of its address.
READY = {
    "overview": "#overview[data-state=whole]",
    "all": "main",
    "timeline": "section.timeline-page",
    # The forms are made again once after the page has been opened, which closes a list of choices.
    "dispute": "section.dispute[data-ready]:has(#forms[aria-busy=false])",
    "sources": "section.sources[data-ready]",
    "states": "#rows button.mark",
    "graph": "#canvas[data-drawn]",
    "what-if": "#answer h2",
    "questions": "#ask",
}


def admitted(context: Any, server: Serving) -> Any:
    """Return a new page that the server lets in, as if its address had been opened before."""
    name, value = server.cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": server.base, "httpOnly": True, "sameSite": "Lax"}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def opened(browser: Any, base: str, **how: Any) -> Any:
    """Return a new context, with a tab of its own at the server: while it is open, later ones find their process."""
    context = browser.new_context(**how)
    context.new_page().goto(f"{base}/static/app.css")
    return context


def forget(context: Any) -> None:
    """Close the tabs that tests have opened and forget what pages keep there; what the context has fetched stays."""
    for page in context.pages[1:]:
        page.close()
    context.clear_cookies()


class Tab:
    """A tab that has been let in, and what was heard of it."""

    def __init__(self, context: Any, server: Serving) -> None:
        self.page = admitted(context, server)
        self.server = server
        self.heard: Heard = watched(self.page, server.base)

    def enter(self) -> Any:
        """Open the address that the server prints."""
        self.page.goto(self.server.address)
        return self.page

    def open(self, page: str, name: str = NAME) -> Any:
        self.page.goto(f"{self.server.base}/{page}/{name}")
        self.page.wait_for_selector(READY[page])
        return self.page


#: The themes and widths in which a page is tried.
VIEWS = [("light", 1280), ("dark", 390)]


def show(page: Any, theme: str, width: int) -> None:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})


#: Contrast is three quarters of what axe costs, and a table has hundreds of cells in the same colours. So a text whose
#: like was found legible is not measured again; one that fails, or of which axe is not sure, always is. Texts are alike
#: if all is the same that axe goes by: colour, size, weight and shadow, and every ground, picture and opacity from here
#: to the root. What is positioned, painted in another way or reaches out of its ground is like nothing else.
ONCE = """() => {
    const check = axe._audit.checks['color-contrast'];
    const measure = check.evaluate;
    const own = ['position', 'float', 'transform', 'filter', 'mixBlendMode', 'clipPath', 'maskImage', 'zIndex'];
    let grounds, legible, alone;
    const ground = (one) => {
        if (!one) return {key: '', box: null};
        if (!grounds.has(one)) {
            const style = getComputedStyle(one);
            const under = ground(one.assignedSlot ?? one.parentElement ?? one.getRootNode().host);
            const filled = !/^rgba\\(.*, 0\\)$/.test(style.backgroundColor) || style.backgroundImage !== 'none';
            const plain = style.position === 'static' && style.float === 'none' && style.zIndex === 'auto'
                && [style.transform, style.filter, style.clipPath, style.maskImage].every((told) => told === 'none')
                && style.mixBlendMode === 'normal';
            const box = filled && style.display !== 'inline' ? one.getBoundingClientRect() : filled ? null : under.box;
            const key = plain && (!filled || box)
                ? `${under.key}${filled ? style.backgroundColor + style.backgroundImage : ''}/${style.opacity}`
                : `alone ${alone++}`;
            grounds.set(one, {key: style.opacity === '1' && plain && !filled ? under.key : key, box});
        }
        return grounds.get(one);
    };
    const kind = (one) => {
        const style = getComputedStyle(one);
        const {key, box} = ground(one);
        const at = one.getBoundingClientRect();
        const out = box && (at.left < box.left || at.top < box.top || at.right > box.right || at.bottom > box.bottom);
        return out ? '' : [style.color, style.fontSize, style.fontWeight, style.textShadow,
            style.webkitTextStrokeColor, style.webkitTextStrokeWidth, key].join();
    };
    check.evaluate = function (one, ...more) {
        const key = kind(one);
        if (key && legible.has(key)) {
            this.data(legible.get(key));
            return true;
        }
        let told = null;
        const given = this.data;
        this.data = (data) => given.call(this, (told = data));
        const found = measure.call(this, one, ...more);
        // What is hidden passes too.
        if (key && found && told?.contrastRatio) legible.set(key, told);
        return found;
    };
    axe.anew = () => {
        [grounds, legible, alone] = [new Map(), new Map(), 0];
    };
}"""
#: What axe finds on a page: the rule, and how the element begins. The pages have no frames, and no styles of others.
LOOKED = """async (within) => {
    axe.anew();
    const options = {resultTypes: ['violations'], iframes: false, preload: false};
    const {violations} = await axe.run({include: within.map((one) => [one]), exclude: [['.cm-scroller']]}, options);
    return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 300)}`));
}"""


def faults(page: Any, views: Sequence[tuple[str, int]] = VIEWS, within: Sequence[str] = ("html",)) -> list[str]:
    """What axe finds in each view, with everything that is folded away unfolded; then the page is in the first of them.

    ``within`` says what is new on a page that another test looks at as a whole; each of it has to be there.
    The text's scrolling frame is left out: the keyboard goes to the text inside it, which scrolls it.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    # A second copy would be compiled anew.
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
        page.evaluate(ONCE)
    assert [one for one in within if page.locator(one).count() == 0] == []
    found = []
    for theme, width in reversed(views):
        show(page, theme, width)
        until(page, "document.getAnimations().every(one => one.playState !== 'running')")
        found += [f"{theme}, {fault}" for fault in page.evaluate(LOOKED, list(within))]
    return found


def text_of(page: Any) -> str:
    return str(page.locator(".cm-content").inner_text())


def on_disk(server: Serving) -> str:
    return (server.folder / NAME).read_text(encoding="utf-8")


needs_chromium = pytest.mark.skipif(bool(reason()), reason=reason())
