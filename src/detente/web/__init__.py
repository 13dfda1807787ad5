"""The local web app: edit and analyse one dispute or a folder of disputes in the browser.

Theory of operation. The server has no unsaved work: a browser tab keeps the text that it edits and sends it with every
request about it, so tabs and users cannot see each other's changes. `pages` makes the pages and `api` their JSON twins;
both use `session`, which caches results by the digest of the text. Every request passes `security` first, and every
file access goes through `folder`.
"""
