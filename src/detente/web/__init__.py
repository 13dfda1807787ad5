"""The local web app: one dispute or a folder of them, worked on in the browser.

Theory of operation. Nothing that is not saved is ever on the server: a browser tab holds the text that it is editing
and sends it along with every question about it, so tabs and users cannot see each other's unsaved work. Pages are
made by `pages` and say in words what their JSON twins in `api` say as data; both ask `session`, which remembers what it
has worked out by the digest of the text. `security` stands before all of it, and `folder` is the only way to a file.
"""
