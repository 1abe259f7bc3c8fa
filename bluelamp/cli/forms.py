"""Question sets: `forms check FILE` says what is wrong with one, `forms preview FILE` shows it, and
`forms load FILE` stores it and puts it in force from a date.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bluelamp.cli import prepare
from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    escape_for_terminal,
)

if TYPE_CHECKING:
    from bluelamp.foundation.forms.built_in import QuestionSetFile

MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_LISTED_SENTENCES = 5


def main(argv: Sequence[str]) -> int:
    """Check, preview or load a question set. Returns 2 where the file has problems."""
    parser = Parser(prog="bluelamp forms", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="say what is wrong with a file, and where")
    check.add_argument(
        "--all",
        action="store_true",
        dest="lists_all_sentences",
        help="list every sentence without a translation, not only the first few",
    )
    preview = verbs.add_parser("preview", help="print every page, or serve them to click through")
    preview.add_argument(
        "--port", type=_parse_port, metavar="N", help="serve it on this port of this machine"
    )
    load = verbs.add_parser("load", help="store a version, and perhaps put it in force")
    load.add_argument(
        "--from",
        dest="in_force_from",
        type=_parse_date,
        metavar="DATE",
        help="put it in force from this day, like 2027-03-01; without it, nobody is asked yet",
    )
    for verb in (check, preview, load):
        verb.add_argument("file", metavar="FILE", help="a question set, like lost-property.yaml")
    options = parser.parse_args(argv)
    if not options.file.strip():
        parser.error("FILE is empty: name a question set's file")
    file = _read(Path(options.file))
    if file is None:
        return WRONG_INPUT
    match options.verb:
        case "check":
            return _check(file, lists_all_sentences=options.lists_all_sentences)
        case "preview":
            return _preview(file, Path(options.file), options.port)
    return _load(file, options.in_force_from)


def _read(path: Path) -> "QuestionSetFile | None":
    """Return a file without problems, or None after a sentence for each problem."""
    from bluelamp.foundation.forms.built_in import read_file
    from bluelamp.foundation.forms.rules import BadQuestionSet
    from bluelamp.records.reference.rules import answer_types  # noqa: F401 - adds its types

    try:
        # Before it is read: somebody may name a video by mistake.
        if path.stat().st_size > MAX_FILE_BYTES:
            _print_problem(f"{path} is too large: a question set has at most 4 MB.")
            return None
        file = read_file(path)
        # Compiled here, because it raises for what is wrong in the file.
        _ = file.question_set
    except FileNotFoundError:
        _print_problem(f"There is no file {path}.")
    except UnicodeDecodeError:
        _print_problem(f"{path} is not a text file in UTF-8.")
    except OSError as fault:
        _print_problem(f"{path} cannot be read ({fault.strerror}).")
    except BadQuestionSet as bad:
        for problem in bad.problems:
            _print_problem(f"{path}, line {problem.line}: {problem.message}")
    else:
        return file
    return None


def _check(file: "QuestionSetFile", *, lists_all_sentences: bool) -> int:
    from bluelamp.foundation.forms.rules.translating import list_sentences

    questions, pages = len(file.question_set.questions), len(file.question_set.pages)
    print(
        f"{questions:,} question{'' if questions == 1 else 's'} on"
        f" {pages:,} page{'' if pages == 1 else 's'}: no problems"
    )
    for language, translations in file.question_set.translations.items():
        sentences = dict.fromkeys(list_sentences(file.question_set))
        missing = [sentence for sentence in sentences if sentence not in translations]
        if missing:
            verb = "sentence has" if len(missing) == 1 else "sentences have"
            print(f"{language}: {len(missing):,} {verb} no translation:")
        shown = missing if lists_all_sentences else missing[:MAX_LISTED_SENTENCES]
        for sentence in shown:
            print(f"  {escape_for_terminal(sentence)}")
        if len(missing) > len(shown):
            print(f"  and {len(missing) - len(shown):,} more: list them with --all")
    return 0


def _preview(file: "QuestionSetFile", path: Path, port: int | None) -> int:
    if port is not None:
        from bluelamp.cli.forms_preview import serve_preview

        return serve_preview(path, port=port)
    from bluelamp.cli.forms_text import describe_question_set

    # Nothing is started for it: a preview in the terminal needs no instance.
    for line in describe_question_set(file.question_set):
        print(escape_for_terminal(line))
    return 0


def _load(file: "QuestionSetFile", in_force_from: date | None) -> int:
    prepare()
    from bluelamp.cli.console import console_actor
    from bluelamp.foundation.forms.commands import load_question_set
    from bluelamp.foundation.forms.lookups import list_question_sets
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.errors import Conflict, Refused

    actor = console_actor({"reference.edit"})
    try:
        loaded = load_question_set(
            actor=actor,
            at=now(),
            file=file,
            in_force_from=in_force_from,
        )
    except (Refused, Conflict) as refusal:
        problems = refusal.problems if isinstance(refusal, Refused) else ()
        is_about_date = any(problem.code == "forms.in_force_past" for problem in problems)
        _print_problem(f"{'--from: ' if is_about_date else ''}{refusal.message}.")
        return WRONG_INPUT
    rows = list_question_sets(actor=actor, at=now(), name=loaded.name)
    # An earlier load may have put it in force.
    (day,) = (row.in_force_from for row in rows if row.version == loaded.version)
    since = f"in force from {day:%-d %B %Y}" if day else "not in force"
    print(f"{loaded.name} version {loaded.version}, {since}")
    return 0


def _print_problem(sentence: str) -> None:
    print(escape_for_terminal(sentence), file=sys.stderr)


def _parse_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2027-03-01") from None


def _parse_port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)
