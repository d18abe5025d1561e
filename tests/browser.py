"""A browser of this machine, without a window, that looks at a page as its reader would."""

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
# What the page asked for, and how wide its charts came out, as attributes of its body.
PROBE = """
<script>addEventListener("load", () => {
  const asked = performance.getEntriesByType("resource").map(one => one.name);
  const drawn = [...document.querySelectorAll("figure svg")];
  document.body.dataset.seen = JSON.stringify({
    asked: asked.filter(one => !one.startsWith("data:")),
    widths: drawn.map(one => Math.round(one.getBoundingClientRect().width)),
    overflow: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  });
})</script>
"""
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@dataclass(frozen=True)
class Seen:
    """Addresses the page requested, widths of its charts in pixels, whether it overflows."""

    asked: list[str]
    widths: list[int]
    overflow: bool


def browser() -> str | None:
    """The browser's command, if the machine has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def look_at(page: str) -> Seen:
    """Open a page in the browser, without the policy that would forbid requests and scripts."""
    command = browser()
    assert command
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(POLICY.sub("", page).replace("</body>", f"{PROBE}</body>"), "utf-8")
        done = subprocess.run(
            [
                command, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={folder}/profile", "--dump-dom", file.as_uri(),
            ],
            capture_output=True, encoding="utf-8", timeout=60, check=True,
        )  # fmt: skip
    found = re.search(r'<body data-seen="([^"]*)"', done.stdout)
    assert found, "the page did not load"
    return Seen(**json.loads(unescape(found.group(1))))
