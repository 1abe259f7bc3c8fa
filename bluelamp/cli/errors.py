"""Why a program of ours cannot start."""


class CannotStart(RuntimeError):
    """There is no usable instance. The message is one plain sentence that says where and why."""
