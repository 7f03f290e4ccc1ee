from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from graphleads.disk import (
    checksum,
    free_room,
    is_full,
    move_folder,
    publish_folder,
    remove_folder,
    replace_file,
    take_lock,
    wait_for_lock,
)


def make_folder(path: Path, content: str) -> Path:
    (path / "inner").mkdir(parents=True)
    (path / "inner" / "file").write_text(content)
    return path


def read_folder(path: Path) -> str:
    return (path / "inner" / "file").read_text()


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refuse_to_rename(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the system refuse to rename what has that name, as it does when a process is stopped there."""
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)


def test_a_folder_is_published_where_nothing_was(tmp_path: Path) -> None:
    publish_folder(make_folder(tmp_path / ".new", "new"), tmp_path / "place")
    assert read_folder(tmp_path / "place") == "new"
    assert listed(tmp_path) == ["place"]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    make_folder(tmp_path / "place", "old")
    make_folder(tmp_path / ".new-replaced", "left by a process that was killed")
    publish_folder(make_folder(tmp_path / ".new", "new"), tmp_path / "place")
    assert read_folder(tmp_path / "place") == "new"
    assert listed(tmp_path) == ["place"]


def test_a_folder_stays_where_the_new_one_cannot_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder(tmp_path / "place", "old")
    beside = make_folder(tmp_path / ".new", "new")
    refuse_to_rename(monkeypatch, ".new")
    with pytest.raises(KeyboardInterrupt):
        publish_folder(beside, tmp_path / "place")
    assert read_folder(tmp_path / "place") == "old"
    assert listed(tmp_path) == [".new", "place"]


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert listed(tmp_path) == ["CURRENT"]


def test_a_file_stays_where_it_cannot_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "CURRENT"
    replace_file(path, b"one")

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"two")
    assert path.read_bytes() == b"one"
    assert listed(tmp_path) == ["CURRENT"]


def test_a_folder_is_moved_and_removed(tmp_path: Path) -> None:
    make_folder(tmp_path / "a", "it")
    (tmp_path / "other").mkdir()
    move_folder(tmp_path / "a", tmp_path / "other" / "b")
    assert listed(tmp_path) == ["other"]
    assert read_folder(tmp_path / "other" / "b") == "it"
    remove_folder(tmp_path / "other" / "b", tmp_path / "other" / ".b")
    assert listed(tmp_path / "other") == []


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with wait_for_lock(path), pytest.raises(BlockingIOError), take_lock(path):
        pass
    with take_lock(path), pytest.raises(BlockingIOError), take_lock(path):
        pass
    with take_lock(path):
        pass


def test_a_checksum_tells_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    blocks: list[int] = []
    # The standard's own example: FIPS 180-2, appendix B.1.
    assert checksum(path, blocks.append) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert blocks == [3]
    path.write_bytes(b"a" * 1_000_000)
    assert checksum(path) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"


def test_a_full_disk_is_told_from_other_failures(tmp_path: Path) -> None:
    assert is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert is_full(OSError(errno.EDQUOT, "Disk quota exceeded"))
    assert is_full(OSError("4096 requested and 512 written"))
    assert not is_full(OSError(errno.EROFS, "Read-only file system"))
    assert free_room(tmp_path) > 0
