"""The partners' front end: prosecutors at `/partner/`, and other programs at `/api/v1/`.

In: reports with their files, from anybody's systems; and prosecutors who want to read. Out: pages,
packages byte for byte, and JSON. A case file is *received* once the police have sent it. The front
end must never show a prosecutor what was not sent, or tell anybody else that it exists.
"""
