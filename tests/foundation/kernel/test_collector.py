"""The garbage collector is as it was afterwards, also after an error."""

import gc

import pytest

from bluelamp.foundation.kernel.collector import pause_collector


def test_it_works() -> None:
    assert gc.isenabled()
    with pause_collector():
        assert not gc.isenabled()
        with pause_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_lets_it_go_on() -> None:
    with pytest.raises(ValueError, match="broken"), pause_collector():
        raise ValueError("broken")
    assert gc.isenabled()
