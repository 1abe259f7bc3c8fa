"""What `previews` asks of a worker process, and what the worker answers: JSON both ways."""

from typing import Any, TypedDict


class WorkerJob(TypedDict):
    """What a worker is asked to do.

    `size` is the original's, in bytes. `limits` is `media_info.WorkerLimits` as a dictionary.
    `outputs` are the numbers of two descriptors open for writing: the thumbnail and the larger
    picture.
    """

    family: str
    decoder: str
    size: int
    limits: dict[str, Any]
    outputs: list[int]


class PictureNote(TypedDict):
    """One picture that a worker wrote: "thumbnail", "view" or "poster", and how it was made."""

    kind: str
    method: str


class WorkerAnswer(TypedDict, total=False):
    """What a worker says. The reader does not trust it: see `previews`.

    Attributes:
        sandbox: `Sandbox.limits`.
        capture: Keys of `media_info.CaptureInfo`.
        problem: "", or a sentence for a page.
        is_explained: `problem` is more precise than anything that the container's lengths can tell.
    """

    sandbox: dict[str, bool]
    capture: dict[str, Any]
    pictures: list[PictureNote]
    problem: str
    is_explained: bool
