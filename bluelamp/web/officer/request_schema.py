"""What every request by POST of the officer app has in common."""

from pydantic import BaseModel, ConfigDict


class RequestSchema(BaseModel):
    """A request by POST. Unknown fields are refused, and numbers must be numbers."""

    model_config = ConfigDict(extra="forbid")
