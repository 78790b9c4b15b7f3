"""Keep README and docs true: blocks that a command prints are what it prints.

    python tools/build_docs.py            rewrite the blocks
    python tools/build_docs.py --check    fail if one is out of date

A block is everything between `<!-- output of: COMMAND -->` and `<!-- end of output -->`; a command
may end in `| head -n N`, as a reader would cut it.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(<!-- output of: (.*?) -->\n).*?(<!-- end of output -->)", re.DOTALL)


def transcript(command: str) -> str:
    """A fenced block with the command and what it prints to a pipe, 80 columns wide."""
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    program = Path(sys.executable).with_name("rolediff")
    asked, _, head = command.partition(" | head -n ")
    done = subprocess.run(
        [program, *shlex.split(asked)[1:]],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    lines = [line.rstrip() for line in done.stdout.strip("\n").splitlines()]
    shown = "\n".join(lines[: int(head)] if head else lines)
    return f"```console\n$ {command}\n\n{shown}\n```\n"


def renewed(text: str) -> str:
    """`text` with every block as its command prints it now."""
    return BLOCK.sub(lambda m: f"{m[1]}{transcript(m[2])}{m[3]}", text)


def main(check: bool) -> int:
    """Renew or check all Markdown files that have blocks; the number of stale ones."""
    stale = 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        old = path.read_text(encoding="utf-8")
        new = renewed(old)
        if new == old:
            continue
        stale += 1
        if check:
            print(f"{path.relative_to(ROOT)} is out of date: run `just docs`", file=sys.stderr)
        else:
            path.write_text(new, encoding="utf-8")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
