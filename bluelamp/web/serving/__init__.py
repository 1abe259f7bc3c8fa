"""How requests get from the web server to Django: `bluelamp/asgi.py` is built from this package.

    application: which request goes where, and what happens at start.
    methods: which requests are refused for their method or their framing.
    request_bodies: reads each body whole, within limits, before a thread is taken.
    responses: what is answered without Django, and the security headers of every response.
    page_handler: Django, in a fixed pool of threads.

Uploads are answered on the event loop by `bluelamp.records.evidence.uploads`. A page's request is
read whole before a thread takes it, so that slow senders never hold one; long responses are sent in
parts, so that slow readers never hold one either. A request that was cut off on its way is not
acted on: half a statement is no statement.

Each server process has one pool of threads, and each of those threads keeps one connection to the
database, so there are never more than processes × threads connections. All that is lost when a
process ends is the requests it was answering. A second node has a pool of its own.
"""
