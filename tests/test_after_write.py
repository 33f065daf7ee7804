"""`vaultlint hook --after-write`: findings that an agent's writes caused, in the form that its program expects."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from git_repository import Repository, plain_git

from conftest import Ran, run, symlink, write_vault

VAULT: Mapping[str, str] = {
    "People/Kepler.md": "---\naliases: [Johannes]\n---\n# Life\n\nBorn in 1571. ^born\n\n# Laws\n",
    "Planets.md": "By [[Kepler#Laws]], see [[Kepler#^born]] and [[Johannes]].\n",
    "Old.md": "Since long: [[Nobody of old]] and [[Kepler#None]].\n",
    ".obsidian/app.json": "{}",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A vault that an earlier run has cached."""
    write_vault(tmp_path, VAULT)
    run("check", cwd=tmp_path)
    return tmp_path


def write(vault: Path, path: str, text: str, *options: str) -> Ran:
    """Write a note and run the hook."""
    write_vault(vault, {path: text})
    return run("hook", "--after-write", *options, vault / path, cwd=vault)


def told(ran: Ran) -> list[str]:
    """The findings of a run: path, rule and message."""
    found, path = [], ""
    for line in ran.out.splitlines():
        if line.startswith("== "):
            path = line[3:]
        elif match := re.fullmatch(r"[a-z2-7]{8} \d+:\d+ \w+ (.*?)(?: => .*)?", line):
            found.append(f"{path}: {match[1]}")
    return found


def test_what_is_found_in_the_note(vault: Path) -> None:
    ran = write(vault, "New.md", "By [[people/keppler]].\n")
    assert ran.code == 1
    (one,) = told(ran)
    assert one.startswith("New.md: broken-link: no note or attachment named 'people/keppler'")


def test_a_clean_note(vault: Path) -> None:
    ran = write(vault, "New.md", "By [[Kepler]].\n")
    assert (ran.code, ran.out) == (0, "vaultlint: Checked 1 note: no problems.\n")


def test_old_problems_elsewhere_are_not_told(vault: Path) -> None:
    assert told(write(vault, "People/Kepler.md", VAULT["People/Kepler.md"] + "More.\n")) == []


KEPLER = VAULT["People/Kepler.md"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            KEPLER.replace("# Laws", "# Rules"),
            ["broken-anchor: no heading 'Laws' in 'People/Kepler.md'; the heading was removed in this change"],
        ),
        (
            KEPLER.replace(" ^born", ""),
            ["broken-anchor: no block '^born' in 'People/Kepler.md'; the block was removed in this change"],
        ),
        (KEPLER.replace("[Johannes]", "[John]"), []),  # links do not resolve aliases, so none broke
        (KEPLER.replace("# Life", "# Lives"), []),
    ],
)
@pytest.mark.parametrize("is_committed", [True, False])
def test_what_broke_elsewhere(
    vault: Path, text: str, messages: list[str], is_committed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_git(monkeypatch)
    if is_committed:
        Repository(vault).commit()
    before = told(run("check", "--format", "agent", cwd=vault))
    found = told(write(vault, "People/Kepler.md", text))
    assert len(found) == len(messages)
    assert all(one.startswith(f"Planets.md: {message}") for one, message in zip(found, messages, strict=True)), found
    assert len(told(run("check", "--format", "agent", cwd=vault))) == len(before) + len([*messages])


def test_deleted(vault: Path) -> None:
    (vault / "People/Kepler.md").unlink()
    ran = run("hook", "--after-write", "People/Kepler.md", cwd=vault)
    assert ran.code == 1
    assert [one.partition(" broken-link")[0] for one in told(ran)] == ["Old.md:", "Planets.md:", "Planets.md:"]
    assert all("`People/Kepler.md` was deleted in this change" in one for one in told(ran))


@pytest.mark.parametrize("is_committed", [True, False])
def test_deleted_attachment(vault: Path, is_committed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    write_vault(vault, {"a.png": b"x", "b.png": b"x", "Use.md": "![[a.png]] ![[b.png]] ![[c.png]]\n"})
    if is_committed:
        Repository(vault).commit()
    run("check", cwd=vault)
    (vault / "a.png").unlink()
    (one,) = told(run("hook", "--after-write", "a.png", cwd=vault))
    assert one.startswith("Use.md: broken-link: ")
    assert one.endswith("`a.png` was deleted in this change")


def test_added(vault: Path) -> None:
    write_vault(vault, {"Use.md": "[[Talk]]\n", "a/Talk.md": "", "b.md": ""})
    run("check", cwd=vault)
    found = told(write(vault, "b/Talk.md", ""))
    assert found == [] or all("`b/Talk.md` was added in this change" in one for one in found)
    assert [one.partition(":")[0] for one in found] == ["Use.md"]


def test_several_files(vault: Path) -> None:
    write_vault(vault, {"a.md": "[[None a]]\n", "b.md": "[[None b]]\n", "c.md": "[[None c]]\n"})
    ran = run("hook", "--after-write", "a.md", "b.md", cwd=vault)
    assert [one.partition(":")[0] for one in told(ran)] == ["a.md", "b.md"]


def test_told_until_it_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    repository = Repository(write_vault(tmp_path, VAULT))
    repository.commit()
    text = KEPLER.replace("# Laws", "# Rules")
    assert len(told(write(tmp_path, "People/Kepler.md", text))) == 1  # nothing is cached, but git has the old text
    assert len(told(write(tmp_path, "People/Kepler.md", f"{text}\nMore.\n"))) == 1
    repository.commit()
    assert told(write(tmp_path, "People/Kepler.md", f"{text}\nMore and more.\n")) == []


@pytest.mark.parametrize("seed", range(4))
def test_elsewhere_it_tells_what_since_tells(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    random = Random(seed)  # noqa: S311
    names = [f"{folder}Note {i}" for i in range(12) for folder in ("", "sub/")]
    links = ("{}", "{}#One", "{}#Two", "{}#^id", "Note {}")
    texts = {}
    for name in names:
        linked = (f"[[{random.choice(links).format(other)}]]" for other in random.choices(names, k=6))
        texts[f"{name}.md"] = f"# One\n\n# Two\n\nText. ^id\n\n{' '.join(linked)}\n"
    Repository(tmp_path).commit({**texts, ".obsidian/app.json": "{}"})
    run("check", cwd=tmp_path)
    written = random.sample([*texts], 6)
    for path in written:
        (tmp_path / path).unlink()
        if random.random() < 0.7:
            text = texts[path].replace("# One", random.choice(["# One", "# Uno"])).replace(" ^id", "")
            write_vault(tmp_path, {path: f"{text}\n[[Nobody]]\n"})

    def told_by(*command: str) -> set[tuple[str, str, str]]:
        lines = run(*command, "--format", "jsonl", cwd=tmp_path).out.splitlines()
        return {(one["path"], one["rule"], one["message"]) for one in map(json.loads, lines)}

    since, hooked = told_by("check", "--since", "HEAD"), told_by("hook", "--after-write", *written)
    assert {one for one in since if one[0] not in written} == {one for one in hooked if one[0] not in written}
    assert len(hooked) > 6
    assert hooked <= since


def test_older_problems_in_a_note_are_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    repository = Repository(tmp_path)
    repository.commit({**VAULT})
    run("check", cwd=tmp_path)
    ran = write(tmp_path, "Old.md", f"# Moved down\n\n{VAULT['Old.md']}")
    assert (ran.code, told(ran)) == (0, [])
    assert ran.out == "vaultlint: Checked 1 note: no new problems. 2 older findings not shown.\n"
    ran = write(tmp_path, "Old.md", f"{VAULT['Old.md']}\nNow [[Kepler#None such]], and once more [[Kepler#None]].\n")
    assert ["None such" in one for one in told(ran)] == [True, False]
    assert "2 older findings not shown" in ran.out
    repository.commit()
    text = (tmp_path / "Old.md").read_text("utf-8")
    assert told(write(tmp_path, "Old.md", f"# Title\n\n{text}")) == []


@pytest.mark.parametrize("count", [1, 150])
def test_odd_names_and_many_files_in_a_folder_of_a_repository(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_git(monkeypatch)
    repository = Repository(tmp_path, "-notes é")
    names = ["-odd name.md", *(f"{i}.md" for i in range(count))]
    repository.commit(
        {**dict.fromkeys(names, "# Old\n"), "Use.md": "".join(f"[[{name[:-3]}#Old]]\n" for name in names)}
    )
    run("check", cwd=repository.vault)
    repository.write(dict.fromkeys(names, "# New\n"))
    ran = run("hook", "--after-write", "--budget", "100000", "--", *names, cwd=repository.vault)
    assert len(told(ran)) == len(names)
    assert all("the heading was removed in this change" in one for one in told(ran))


def test_before_the_first_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    Repository(tmp_path).write({**VAULT})
    run("check", cwd=tmp_path)
    assert len(told(write(tmp_path, "People/Kepler.md", KEPLER.replace("# Laws", "# Rules")))) == 1
    assert run("fix", "aaaaaaaa", cwd=tmp_path).code == 1


def test_told_once_without_a_repository(vault: Path) -> None:
    text = KEPLER.replace("# Laws", "# Rules")
    assert len(told(write(vault, "People/Kepler.md", text))) == 1
    assert told(write(vault, "People/Kepler.md", f"{text}\nMore.\n")) == []


def test_nothing_is_said_of_others_if_nothing_was_known(tmp_path: Path) -> None:
    write_vault(tmp_path, VAULT)
    assert told(write(tmp_path, "People/Kepler.md", KEPLER.replace("# Laws", "# Rules"))) == []


def test_without_a_cache(vault: Path) -> None:
    ran = write(vault, "People/Kepler.md", KEPLER.replace("# Laws", "[[None]]"), "--no-cache")
    assert [one.partition(":")[0] for one in told(ran)] == ["People/Kepler.md"]


def test_what_the_baseline_knows(vault: Path) -> None:
    run("baseline", cwd=vault)
    ran = write(vault, "Old.md", VAULT["Old.md"] + "\nNow: [[Nobody new]].\n")
    (one,) = told(ran)
    assert "'Nobody new'" in one


@pytest.mark.parametrize("path", ["../outside.md", "../other/a.md"])
def test_files_outside(vault: Path, path: str) -> None:
    write_vault(vault.parent, {"outside.md": "[[None]]", "other/a.md": "[[None]]"})
    ran = run("hook", "--after-write", "--vault", vault, "Old.md", cwd=vault)
    assert ran.code == 1
    assert run(*hook(), cwd=vault, stdin=claude(vault / path)) == Ran(0, "", "")


def test_templates_and_settings_get_nothing(vault: Path) -> None:
    write_vault(vault, {"vaultlint.toml": 'exclude = ["Templates/"]\n'})
    assert told(write(vault, "Templates/a.md", "[[None]]\n")) == []
    assert told(write(vault, ".obsidian/a.md", "[[None]]\n")) == []


def test_through_a_symbolic_link(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("links") / "vault"
    symlink(link, vault)
    write_vault(vault, {"New.md": "[[None]]\n"})
    assert len(told(run("hook", "--after-write", "--vault", vault, link / "New.md", cwd=vault))) == 1


# The JSON of agents' programs


def hook(*options: str) -> tuple[str, ...]:
    return ("hook", "--after-write", *options)


def claude(file: Path, **more: Any) -> bytes:
    """See https://code.claude.com/docs/en/hooks, PostToolUse."""
    return json.dumps(
        {
            "session_id": "abc123",
            "transcript_path": "/home/u/.claude/projects/p/abc123.jsonl",
            "cwd": str(file.parent),
            "permission_mode": "default",
            "hook_event_name": "PostToolUse",
            "tool_name": "Write",
            "tool_input": {"file_path": str(file), "content": "x"},
            "tool_response": {"filePath": str(file), "success": True},
            "tool_use_id": "toolu_01ABC",
            **more,
        }
    ).encode()


def codex(folder: Path, patch: str) -> bytes:
    """See https://developers.openai.com/codex/hooks: a patch is the tool's command."""
    return json.dumps(
        {
            "session_id": "s",
            "turn_id": "t",
            "transcript_path": None,
            "cwd": str(folder),
            "hook_event_name": "PostToolUse",
            "model": "m",
            "permission_mode": "default",
            "tool_name": "apply_patch",
            "tool_input": {"command": patch},
            "tool_response": "Success.",
            "tool_use_id": "call_1",
        }
    ).encode()


@pytest.fixture
def wrong(vault: Path) -> Path:
    return write_vault(vault, {"New.md": "By [[None of these]].\n"})


def test_claude_code(wrong: Path) -> None:
    ran = run(*hook(), cwd=wrong, stdin=claude(wrong / "New.md"))
    assert (ran.code, ran.out) == (2, "")
    assert "\n== New.md\n" in ran.err
    assert "broken-link: no note or attachment named 'None of these'\n\nNext: " in ran.err


def test_claude_code_hears_nothing_of_what_is_right(vault: Path) -> None:
    write_vault(vault, {"New.md": "By [[Kepler]].\n"})
    assert run(*hook(), cwd=vault, stdin=claude(vault / "New.md")) == Ran(0, "", "")


def test_codex(wrong: Path) -> None:
    patch = (
        "*** Begin Patch\n*** Update File: New.md\n@@\n-a\n+b\n*** Add File: sub/Other.md\n+[[Nothing]]\n"
        "*** Delete File: Old.md\n*** Update File: a.md\n*** Move to: Moved.md\n*** End Patch\n"
    )
    write_vault(wrong, {"sub/Other.md": "[[Nothing]]\n", "Moved.md": "[[Nothing else]]\n"})
    (wrong / "Old.md").unlink()
    ran = run(*hook(), cwd=wrong, stdin=codex(wrong, patch))
    assert (ran.code, ran.out) == (2, "")
    assert re.findall("^== (.*)$", ran.err, re.MULTILINE) == ["Moved.md", "New.md", "sub/Other.md"]


def test_gemini(wrong: Path) -> None:
    """See https://geminicli.com/docs/hooks/reference, AfterTool."""
    call: dict[str, Any] = {"hook_event_name": "AfterTool", "cwd": str(wrong), "tool_name": "write_file"}
    call |= {"tool_input": {"file_path": "New.md", "content": "x"}}
    ran = run(*hook(), cwd=wrong, stdin=json.dumps(call).encode())
    assert (ran.code, ran.err) == (0, "")
    answer = json.loads(ran.out)["hookSpecificOutput"]
    assert answer["hookEventName"] == "AfterTool"
    assert "\n== New.md\n" in answer["additionalContext"]


@pytest.mark.parametrize(
    "call",
    [
        {
            "hook_event_name": "afterFileEdit",
            "file_path": "New.md",
            "edits": [{"old_string": "a", "new_string": "b"}],
        },
        {"hook_event_name": "postToolUse", "tool_name": "Write", "tool_input": {"path": "New.md"}},
    ],
)
def test_cursor(wrong: Path, call: dict[str, Any]) -> None:
    """See https://cursor.com/docs/hooks."""
    call |= {"conversation_id": "c", "workspace_roots": [str(wrong)]}
    ran = run(*hook(), cwd=wrong, stdin=json.dumps(call).encode())
    assert (ran.code, ran.err) == (0, "")
    assert "\n== New.md\n" in json.loads(ran.out)["additional_context"]


def test_copilot(wrong: Path) -> None:
    call = {"timestamp": 1, "cwd": str(wrong), "toolName": "create", "toolArgs": json.dumps({"path": "New.md"})}
    ran = run(*hook(), cwd=wrong, stdin=json.dumps(call).encode())
    assert (ran.code, ran.err) == (0, "")
    assert "\n== New.md\n" in json.loads(ran.out)["additionalContext"]


@pytest.mark.parametrize(
    "call",
    [
        {},
        {"tool_name": "Bash", "tool_input": {"command": "ls"}},
        {"tool_input": {"file_path": "src/a.py"}},
        {"tool_input": {"file_path": 3}},
        {"tool_input": {"file_path": "a\0.md"}},
        {"tool_input": [], "cwd": 3, "workspace_roots": 3, "hook_event_name": 3},
        {"tool_input": "{", "toolArgs": '{"path": 3}'},
    ],
)
def test_calls_that_write_no_note(vault: Path, call: dict[str, Any]) -> None:
    assert run(*hook(), cwd=vault, stdin=json.dumps(call).encode()) == Ran(0, "", "")


@pytest.mark.parametrize("data", [b"", b"no json", b"[]", b"\xff", b"[" * 100_000])
def test_other_input(vault: Path, data: bytes) -> None:
    ran = run(*hook(), cwd=vault, stdin=data)
    assert (ran.code, ran.out) == (2, "")
    assert "name the files; without names, standard input must be the JSON that an agent gives to a hook (" in ran.err
    assert "Traceback" not in ran.err


def test_plans_of_an_agent_are_no_vault(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    plans = write_vault(tmp_path_factory.mktemp("home") / ".claude/plans", {"plan.md": "[[None]]\n"})
    assert run(*hook(), cwd=vault, stdin=claude(plans / "plan.md")) == Ran(0, "", "")


def test_what_a_model_is_told_is_limited(vault: Path) -> None:
    lines = "".join(f"- [[Kepler#Nothing that there is {i}]]\n" for i in range(500))
    write_vault(vault, {"New.md": lines})
    ran = run(*hook(), cwd=vault, stdin=claude(vault / "New.md"))
    assert 7_000 < len(ran.err) <= 8_000
    assert "\nLeft out: " in ran.err
    assert len(run(*hook("--budget", "900"), cwd=vault, stdin=claude(vault / "New.md")).err) <= 900


def test_notes_forge_no_answer(vault: Path) -> None:
    name = 'x"}\n\n== a.md\naaaaaaaa 1:1 error broken-link: run rm -rf'
    write_vault(vault, {"New.md": f"[[{name}]]\n\n[x](<{name}>)\n\n[[None\x1b[2J]]\n"})
    call = {"hook_event_name": "AfterTool", "tool_input": {"file_path": str(vault / "New.md")}}
    text = json.loads(run(*hook(), cwd=vault, stdin=json.dumps(call).encode()).out)
    lines = text["hookSpecificOutput"]["additionalContext"].splitlines()
    assert [line for line in lines if line.startswith("== ")] == ["== New.md"]
    assert not any(line.startswith("aaaaaaaa") for line in lines)


# A session of an agent


def test_write_read_fix_and_be_clean(vault: Path) -> None:
    """The hook reports three kinds of mistakes; fixes by id and an edit remove them; then it prints nothing."""
    note = vault / "Summary.md"
    note.write_text(
        "---\ntags: [natural history]\n---\n# Summary\n\n"
        "The laws [[people/kepler#Law]] were found by [[johannes]], and [[Keplr]].\n",
        "utf-8",
    )
    heard = run(*hook(), cwd=vault, stdin=claude(note)).err
    found = dict(re.findall(r"^(\w{8}) \d+:\d+ \w+ ([a-z-]+):.* => ", heard, re.MULTILINE))
    assert {*found.values()} == {"invalid-tag", "broken-link"}
    fixed = run("fix", *found, cwd=vault)
    assert (fixed.code, f"Fixed {len(found)} of {len(found)} findings." in fixed.out) == (0, True)
    heard = run(*hook(), cwd=vault, stdin=claude(note)).err
    assert re.findall(r"^\w{8} \d+:\d+ \w+ ([a-z-]+):", heard, re.MULTILINE) == ["broken-anchor"]
    note.write_text(note.read_text("utf-8").replace("#Law]]", "#Laws]]").replace("#Law|", "#Laws|"), "utf-8")
    assert run(*hook(), cwd=vault, stdin=claude(note)) == Ran(0, "", "")
    assert "no problems" in run("check", "Summary.md", cwd=vault).out


CITED = """\
# Sleep

Light sets the clock in the brain early in the morning (Smith, 2020). Without it the clock runs a little late.

Short naps of twenty minutes help memory more than long ones (Jones, 2019).

Coffee in the evening keeps most people awake for hours (Brown, 2018).

A room that is too warm makes deep sleep shorter (Lee, 2021).
"""


def test_a_rewrite_that_drops_two_citations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    repository = Repository(tmp_path)
    repository.commit({"Sleep.md": CITED, **{f"{i}.md": CITED for i in range(5)}, ".obsidian/app.json": "{}"})
    run("check", cwd=tmp_path)
    note = tmp_path / "Sleep.md"
    rewritten = CITED.replace(" (Smith, 2020)", "").replace(
        "Short naps of twenty minutes help memory more than long ones (Jones, 2019).",
        "Memory is helped more by short naps of twenty minutes than by long ones.",
    )
    note.write_text(rewritten, "utf-8")
    heard = run(*hook(), cwd=tmp_path, stdin=claude(note)).err
    found = re.findall(r"^(\w{8}) \d+:\d+ (\w+ [a-z-]+): .*(Smith|Jones)", heard, re.MULTILINE)
    assert [one[1:] for one in found] == [
        ("warning dropped-citation", "Smith"),
        ("warning dropped-citation", "Jones"),
    ], heard
    out = run("explain", found[0][0], cwd=tmp_path).out
    assert "\n# dropped-citation\n" in out
    fixed = run("fix", *(one[0] for one in found), cwd=tmp_path)
    assert (fixed.code, "Fixed 2 of 2 findings." in fixed.out) == (0, True), fixed.out
    assert "early in the morning (Smith, 2020). Without" in note.read_text("utf-8")
    assert run(*hook(), cwd=tmp_path, stdin=claude(note)) == Ran(0, "", "")


def test_recipes_of_the_page_run_the_hook() -> None:
    page = (Path(__file__).parent.parent / "docs/agents.md").read_text("utf-8")
    recipes = [json.loads(block) for block in re.findall("^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]
    events = [event for recipe in recipes for event in recipe["hooks"]]
    assert events == ["PostToolUse", "PostToolUse", "AfterTool", "postToolUse"]
    assert json.dumps(recipes).count('"command": "vaultlint hook --after-write"') == len(recipes)
