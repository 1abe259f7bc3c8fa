"""Responses that send large files: originals, previews and packages."""

from django.http import FileResponse


class LargeFileResponse(FileResponse):
    """A file that is sent a megabyte at a time: originals may be many gigabytes."""

    # Bytes. Each block goes through the pool of threads, so Django's 4 KB would be slow.
    block_size = 1024 * 1024
