"""The demo: staff accounts and eight invented complaints that walked the real actions, and the page that shows what was sent.

Only where nobody else can reach it: demo mode binds to the loopback interface on the embedded database.
"""
