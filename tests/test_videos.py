"""Facts about videos from outside the notes: tables and files of lengths, and where these may be."""

import json
import os
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner
from video_vault import VIDEO, captions, cited_note, configure, messages, note_of, with_talk, write

from vaultlint.cli import cli
from vaultlint.config.places import Options
from vaultlint.files.outside import OutsideError, outside
from vaultlint.media.lengths import TableError, length_in_info, lengths_in
from vaultlint.project import find_project
from vaultlint.server.hovering import hovered
from vaultlint.videos import id_in
from vaultlint.workspace import Workspace


def error(top: Path) -> str:
    result = CliRunner().invoke(cli, ["check", str(top / "vault"), "--no-cache"])
    assert result.exit_code == 2, result.output
    return result.stderr


def test_note_that_points_beyond_the_end_of_its_video(top: Path) -> None:
    configure(top, 'lengths = "lengths.tsv"')
    write(top / "lengths.tsv", f"videoId\tseconds\n{VIDEO}\t11326\n")
    write(top / "vault/A.md", cited_note("01:29:54", "01:28:10", "03:50:52", "01:49:54"))
    assert messages(top) == ["'03:50:52' lies beyond the end of the video (03:08:46)"]


TABLES = {
    "lengths.csv": f"videoId,seconds\nother,3\n{VIDEO},100\n",
    "semicolons.csv": f"videoId;seconds\n{VIDEO};100\n",
    "lengths.tsv": f"videoId\ttitle\tseconds\n{VIDEO}\tA, b\t99.5\n",
    "clock.tsv": f"videoId\tseconds\n{VIDEO}\t1:40\n",
    "unknown.tsv": f"videoId\tseconds\nother\tNA\n{VIDEO}\t100\n",
    "objects.json": json.dumps([{"videoId": VIDEO, "seconds": 100}]),
    "by_id.json": json.dumps({VIDEO: 100}),
    "objects_by_id.json": json.dumps({VIDEO: {"seconds": "100"}}),
    "mark.csv": f"\ufeffvideoId,seconds\n{VIDEO},100\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(top: Path, name: str) -> None:
    configure(top, f'lengths = "{name}"')
    write(top / name, TABLES[name])
    write(top / "vault/A.md", cited_note("00:01:40", "00:01:41"))
    assert messages(top) == ["'00:01:41' lies beyond the end of the video (00:01:40)"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.csv", "id,length\nx,3\n", "there is no column 'videoId'"),
        ("a.csv", "", "there is no column 'videoId'"),
        ("a.tsv", "videoId\tseconds\nx\tlong\n", "line 2: 'long' is not a length"),
        ("a.csv", "videoId,seconds\nx,-3\n", "line 2: '-3' is not a length"),
        ("a.json", "{", "it is not JSON"),
        ("a.json", "[" * 10_000, "it is not JSON"),
        ("a.json", "[3]", "it is neither"),
        ("a.json", '{"x": [3]}', "'x': [3] is not a length"),
    ],
)
def test_what_is_no_table(name: str, text: str, problem: str) -> None:
    with pytest.raises(TableError, match=problem.replace("[", r"\[")):
        lengths_in(text.encode(), name, ("videoId", "seconds"))


def test_table_that_can_not_be_used_is_an_error_with_its_place(top: Path) -> None:
    configure(top, 'lengths = "lengths.csv"')
    assert "vaultlint.toml: sources[0].lengths: " in error(top)
    write(top / "lengths.csv", "a,b\n")
    assert "lengths.csv: there is no column 'videoId' (`lengths-columns` names them)" in error(top)
    (top / "lengths.csv").write_bytes(b"\xff")
    assert "it is not encoded in UTF-8 (byte 1)" in error(top)


def test_other_columns_property_and_paths(top: Path) -> None:
    configure(
        top, 'paths = ["vault/talks/"]', 'id = "talk"', 'lengths = "t.csv"', 'lengths-columns = ["Id", "Length"]'
    )
    write(top / "t.csv", "Id,Length\n7/a,PT1M40S\n")
    text = cited_note("00:01:41", head="talk: 7/a")
    write(top / "vault/talks/A.md", text)
    write(top / "vault/B.md", text)
    assert messages(top) == ["'00:01:41' lies beyond the end of the video (00:01:40)"]


@pytest.mark.parametrize("name", ["source", "url", "Source"])
def test_id_in_an_address(top: Path, name: str) -> None:
    configure(top, 'lengths = "t.csv"')
    write(top / "t.csv", f"videoId,seconds\n{VIDEO},100\n")
    write(top / "vault/A.md", cited_note("00:01:41", head=f"{name}: https://www.youtube.com/watch?v={VIDEO}&t=3"))
    assert len(messages(top)) == 1


@pytest.mark.parametrize(
    ("address", "video"),
    [
        (f"https://youtu.be/{VIDEO}?t=3", VIDEO),
        (f"https://www.youtube.com/watch?t=3&v={VIDEO}", VIDEO),
        (f"https://www.youtube-nocookie.com/embed/{VIDEO}?start=3", VIDEO),
        (f"https://youtube.com/shorts/{VIDEO}", VIDEO),
        (f"https://youtu.be/{VIDEO}x", None),
        ("https://vimeo.com/76979871#t=3", None),
        ("https://www.youtube.com/watch?list=abc", None),
    ],
)
def test_address_of_a_video(address: str, video: str | None) -> None:
    assert id_in(address) == video


def test_link_to_another_video_is_compared_with_that(top: Path) -> None:
    configure(top, 'lengths = "t.csv"')
    write(top / "t.csv", f"videoId,seconds\n{VIDEO},100\nLonger_Talk,900\n")
    text = cited_note("00:01:00", head=f"videoId: {VIDEO}\nduration: PT2M")
    text += f"[x](https://youtu.be/Longer_Talk?t=800) [y](https://youtu.be/Longer_Talk?t=901) [2:30](https://youtu.be/{VIDEO}?t=150)\n"
    text += "[z](https://youtu.be/Unknown_one?t=1000)\n"
    write(top / "vault/A.md", text)
    assert messages(top) == [
        "'901' lies beyond the end of the video (00:15:00)",
        "'150' lies beyond the end of the video (00:02:00, from the property 'duration')",
    ]


def test_property_of_the_table(top: Path) -> None:
    configure(top, 'length = "runtime"')
    write(top / "vault/A.md", cited_note("00:01:41", head="runtime: PT1M40S\nduration: PT1H"))
    assert messages(top) == ["'00:01:41' lies beyond the end of the video (00:01:40, from the property 'runtime')"]


def test_files_of_yt_dlp(top: Path) -> None:
    configure(top, 'lengths = "videos/{id}.info.json"')
    write(top / f"videos/{VIDEO}.info.json", json.dumps({"id": VIDEO, "duration": 100}))
    write(top / "vault/A.md", cited_note("00:01:41"))
    write(top / "vault/B.md", cited_note("00:01:41", head="videoId: other"))
    assert len(messages(top)) == 1


@pytest.mark.parametrize("content", [b"{}", b'{"duration": null}'])
def test_file_of_yt_dlp_that_knows_no_length(content: bytes) -> None:
    assert length_in_info(content) is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"duration": "x"}', b'{"duration": true}', b"\xff", b"null"])
def test_file_of_yt_dlp_that_is_broken(content: bytes) -> None:
    with pytest.raises(TableError):
        length_in_info(content)


@pytest.mark.parametrize(
    "video", ["../secret/x", "..", "/etc/x", "a/../b", "", ".x", "x.", "a\\b", "x" * 101, "ä", "{id}"]
)
def test_id_that_never_becomes_a_path(tmp_path: Path, video: str) -> None:
    write(tmp_path / "secret/x.info.json", "{}")
    write(tmp_path / "videos/b.info.json", "{}")
    looked_at: dict[str, tuple[int, int, int, int]] = {}
    assert [*outside(tmp_path, "videos/{id}.info.json").found(video, looked_at)] == []
    assert looked_at == {}


@pytest.mark.parametrize(
    "pattern", ["/etc/{id}", "~/{id}", "C:/{id}", "a\\{id}", "{id}/../x", "a/", "..", "a\0{id}", "transcripts/x.vtt"]
)
def test_pattern_that_is_no_path(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(OutsideError):
        outside(tmp_path, pattern, needs_id=True)


def test_path_that_leads_out_of_the_vault_is_followed_outside_of_ci(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / ".git").mkdir()
    configure(top, 'lengths = "../beside/{id}.info.json"')
    write(top.parent / f"beside/{VIDEO}.info.json", '{"duration": 100}')
    write(top / "vault/A.md", cited_note("00:01:41"))
    assert len(messages(top)) == 1
    monkeypatch.setenv("CI", "true")
    assert messages(top) == [], "there the configuration may be that of a pull request"
    configure(top, 'lengths = "../beside/no such table.csv"')
    assert messages(top) == []
    configure(top, 'lengths = "videos/{id}.info.json"')
    write(top / f"videos/{VIDEO}.info.json", '{"duration": 100}')
    assert len(messages(top)) == 1


@pytest.mark.skipif(os.name == "nt", reason="symbolic links take rights there")
def test_symbolic_links_lead_nowhere(top: Path) -> None:
    write(top.parent / f"beside/{VIDEO}.info.json", '{"duration": 100}')
    write(top.parent / "beside/t.csv", f"videoId,seconds\n{VIDEO},100\n")
    write(top / "vault/A.md", cited_note("00:01:41"))
    (top / "videos").symlink_to(top.parent / "beside")
    configure(top, 'lengths = "videos/{id}.info.json"')
    assert messages(top) == []
    (top / "own").mkdir()
    (top / f"own/{VIDEO}.info.json").symlink_to(top.parent / f"beside/{VIDEO}.info.json")
    configure(top, 'lengths = "own/{id}.info.json"')
    assert messages(top) == []
    configure(top, 'lengths = "videos/t.csv"')
    assert "lies elsewhere, because of a symbolic link" in error(top)


def test_embedded_recording(top: Path) -> None:
    pytest.importorskip("tinytag")
    with wave.open(str(top / "vault/talk.wav"), "wb") as recording:
        recording.setparams((1, 1, 8000, 0, "NONE", ""))
        recording.writeframes(bytes(8000 * 3))
    write(top / "vault/broken.mp4", "no film")
    write(top / "vault/A.md", "![[talk.wav#t=2]] [[talk.wav#t=4]] ![[broken.mp4#t=9]] [[gone.mp3#t=9]]\n")
    assert messages(top) == ["'4' lies beyond the end of the video (00:00:03)"]


@pytest.mark.parametrize(("by", "trusts"), [("stat", False), ("stat", True), ("hash", False)])
def test_findings_follow_the_files(top: Path, by: str, trusts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cached run equals a fresh one after a table, a file or a property is changed, added or removed."""
    configure(top, 'lengths = "t.csv"', "[[sources]]", 'lengths = "videos/{id}.info.json"')
    cached = [f"--cache-dir={top.parent / 'cache'}", f"--cache-check={by}"]
    if trusts:  # the states of files that have just changed
        monkeypatch.setattr("vaultlint.cache.store.YOUNG", 0)
    write(top / "vault/A.md", cited_note("00:01:41"))
    write(top / "vault/B.md", cited_note("00:01:41", head="videoId: other"))
    seen = []

    def step(text: str, name: str) -> None:
        write(top / name, text) if text else (top / name).unlink()
        for _ in range(2):
            found = messages(top, *cached)
            assert found == messages(top)
        seen.append(len(found))

    step("videoId,seconds\n", "t.csv")
    step(f"videoId,seconds\n{VIDEO},100\n", "t.csv")
    step(f"videoId,seconds\n{VIDEO},101\n", "t.csv")
    step('{"duration": 100}', "videos/other.info.json")
    step('{"duration": 1e9}', "videos/other.info.json")
    step('{"duration": 100}', "videos/other.info.json")
    step("", "videos/other.info.json")
    step(f"videoId,seconds\n{VIDEO},99\n", "t.csv")
    step(cited_note("00:01:41", head=f"videoId: {VIDEO}\nduration: PT1H"), "vault/A.md")
    assert seen == [0, 1, 0, 1, 0, 1, 0, 1, 0]


def test_hover_over_a_timestamp_shows_what_is_said_there(top: Path) -> None:
    with_talk(top, text=captions((30, "Bees *dance* [in](x) the <b>hive"), (600, "word " * 200)))
    write(top / "vault/A.md", note_of(("They dance", "00:00:31"), ("A", "00:10:00"), ("B", "00:30:00")))
    write(top / "vault/B.md", cited_note("00:00:31", head="videoId: other"))
    workspace = Workspace.with_texts(find_project(Options(paths=(top / "vault",))))

    def shown(path: str, time: str) -> str:
        note = workspace.vault.notes[path]
        found = hovered(workspace.vault, note, note.text.index(time))
        assert found is not None
        return found.text

    first, said = shown("A.md", "00:00:31").split("\n\n")[:2]
    assert first == "00:00:31 of 00:10:05"
    assert said.startswith("“Bees \\*dance\\* \\[in\\](x) the ")
    assert "<b>" not in said
    assert 190 < len(shown("A.md", "00:10:00").split("\n\n")[1]) < 210
    assert shown("A.md", "00:30:00") == "00:30:00 of 00:10:05"
    assert shown("B.md", "00:00:31") == "00:00:31"
