"""Comment on a pull request: findings as data, safe text, one comment, the right pull request."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from test_compare_command import findings

from pipelines.comparison.picture import svg_picture, text_picture
from pipelines.comparison.report import markdown
from pipelines.comparison.text import code, listed, within
from pipelines.pull_request import github, gitlab
from pipelines.pull_request.comment import MARKER, comment_text, read_file
from pipelines.pull_request.findings import FindingsError, read_findings

LOG = "https://example.com/log"
HOSTILE = "`x` <img src=x onerror=alert(1)> @everyone | [a](javascript:b)\n\n# Approved\u202e"


def changed(**fields: Any) -> bytes:
    found = copy.deepcopy(findings())
    for path, value in fields.items():
        *parents, last = path.split("__")
        part = found
        for name in parents:
            part = part[int(name)] if isinstance(part, list) else part[name]
        part[int(last) if isinstance(part, list) else last] = value
    return json.dumps(found).encode()


def test_valid_findings_are_read_unchanged() -> None:
    assert read_findings(changed()) == findings()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "findings must be an object with exactly base, head"),
        (b" " * 200_001, "more than 200,000 bytes"),
        (changed(pull_request=1), "findings must be an object with exactly"),
        (changed(base=1), "findings.base must be a text"),
        (changed(verdict="approved"), "findings.verdict must be one of better"),
        (changed(metrics=[]), "findings.metrics must be a list of 1 to 10"),
        (changed(metrics__0__metric="a\n```"), "must be an alphanumeric name"),
        (changed(metrics__0__low=float("nan")), "must be a number"),
        (changed(metrics__0__high=True), "must be a number"),
        (changed(metrics__0__high="1"), "must be a number"),
        (changed(rows__tested=-1), "findings.rows.tested must be a count"),
        (changed(rows__data_changed=0), "must be true or false"),
        (changed(rows__data__0__sha256="<b>"), "must be a SHA-256"),
        (changed(model_bytes__base=0), "findings.model_bytes.base must be a number"),
        (changed(flips__examples=[{"row": 1, "label": 0, "base": 0, "head": 1}] * 6), "0 to 5"),
        (changed(data_checks__head={"other": 1}), "the same checks of both sides"),
        (changed(data_checks=[]), "findings.data_checks must be an object"),
        (changed(changed_scripts="train.py"), "findings.changed_scripts must be a list"),
    ],
)
def test_other_findings_are_rejected(content: bytes, problem: str) -> None:
    with pytest.raises(FindingsError, match=problem):
        read_findings(content)
    text = comment_text(content, "0123", LOG)
    assert "## Model comparison: failed\n\nCommit `0123`: " in text
    assert "<b>" not in text


def test_code_has_no_markdown_and_nothing_invisible() -> None:
    text = code(HOSTILE)
    assert text[0] == text[-1] == "`"
    assert not set("`|\n\u202e") & set(text[1:-1])
    assert len(code("x" * 1000)) == 202


def test_text_of_a_pull_request_is_code_everywhere() -> None:
    content = changed(
        base=HOSTILE,
        rows__data__0__file=HOSTILE,
        rejected={"base": HOSTILE, "head": HOSTILE},
        data_checks={"base": {HOSTILE: 1}, "head": {HOSTILE: 2}},
        changed_steps={HOSTILE: [HOSTILE]},
        changed_scripts=[HOSTILE],
    )
    text = comment_text(content, HOSTILE, LOG)
    assert text.count("onerror") == text.count(code(HOSTILE)) == 9
    rest = text.replace(code(HOSTILE), "")
    assert "<" not in rest
    assert "@" not in rest
    # Only the headings of the report.
    assert rest.count("\n#") == 6


def test_comment_is_limited_and_says_so() -> None:
    assert listed(["a"] * 17).splitlines()[-2:] == ["- a", "- and 2 more"]
    assert within(["a" * 9000, "b" * 9000, "c"]) == (
        f"{'a' * 9000}\n\nThe other sections are left out: they are too long for a comment.\n"
    )
    long = "x" * 1000
    content = changed(changed_scripts=[long] * 15, changed_steps={long: [long] * 5})
    text = comment_text(content, "0123", LOG)
    assert len(text) < 10_240
    assert text.startswith(f"{MARKER}\n\n## Model comparison: worse\n")
    assert text.endswith(f"The code of the pull request computed these figures: [log]({LOG}).\n")


def metrics(*figures: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    return [
        {
            "metric": f"metric {number}",
            "base": base,
            "head": base + change,
            "change": change,
            "low": low,
            "high": high,
            "verdict": "worse" if high < 0 else "no difference beyond noise",
        }
        for number, (base, change, low, high) in enumerate(figures)
    ]


def test_text_picture_has_base_head_and_interval_on_one_scale() -> None:
    picture = text_picture(metrics((0.9, -0.02, -0.04, -0.01), (0.8, 0.0, 0.0, 0.0)))
    assert picture.splitlines() == [
        "metric 0  [---------------o-------]       |" + " " * 8 + "  -0.0200",
        "metric 1  " + " " * 32 + "o" + " " * 8 + "  +0.0000",
        "",
        "| base  o head  [---] interval",
    ]


def test_svg_picture_is_xml_with_one_row_for_each_metric() -> None:
    found = metrics((0.9, -0.02, -0.04, -0.01), (0.8, 0.0, 0.0, 0.0))
    found[0]["metric"] = "<script>"
    root = ET.fromstring(svg_picture(found))  # noqa: S314
    assert [child.tag.split("}")[1] for child in root].count("circle") == 4
    lines = [child for child in root if child.tag.endswith("line")]
    assert float(lines[0].get("x2", "")) - float(lines[0].get("x1", "")) > 70
    assert root[0].text == "<script>"


def test_report_for_a_terminal_has_the_picture() -> None:
    assert "```text\naccuracy" in markdown(findings())


def test_findings_that_are_a_link_are_not_read(tmp_path: Path) -> None:
    assert read_file(tmp_path) is None
    (tmp_path / "comparison.json").symlink_to("/etc/passwd")
    assert read_file(tmp_path) is None


def test_comment_job_needs_no_packages() -> None:
    imports = "import sys; sys.path.insert(0, '.'); import pipelines.pull_request.{0} as module"
    for name in ("github", "gitlab"):
        # -S: no installed packages.
        command = [sys.executable, "-I", "-S", "-c", imports.format(name)]
        subprocess.run(command, cwd=Path(__file__).parents[1], check=True)  # noqa: S603


class FakeServer:
    """API on this machine: the calls, and the answer for each path."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.answers: dict[str, Any] = {}
        self.headers: list[Any] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                fake.calls.append((self.command, self.path, body))
                fake.headers.append(self.headers)
                url = urlsplit(self.path)
                found = fake.answers.get(f"{self.command} {url.path}")
                page = int(parse_qs(url.query).get("page", ["1"])[0])
                if isinstance(found, list):
                    found = found[100 * (page - 1) : 100 * page]
                self.send_response(404 if found is None else 200)
                self.end_headers()
                self.wfile.write(found if isinstance(found, bytes) else json.dumps(found).encode())

            do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def writes(self) -> list[tuple[str, str, Any]]:
        return [call for call in self.calls if call[0] != "GET"]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    thread = Thread(target=fake.server.serve_forever)
    thread.start()
    yield fake
    fake.server.shutdown()
    thread.join()
    fake.server.server_close()


@pytest.fixture
def run_github(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """Runs the command in the workflow of a run; `content`: what the artifact has."""

    def run(content: bytes | None, **fields: Any) -> int:
        event = {
            "conclusion": "success",
            "head_branch": "a&b",
            "head_repository": {"id": 7, "owner": {"login": "fork"}},
            "head_sha": "aaa",
            "html_url": LOG,
            **fields,
        }
        (tmp_path / "event.json").write_text(json.dumps({"workflow_run": event}))
        if content is not None:
            (tmp_path / "comparison.json").write_bytes(content)
        for name, value in {
            "GITHUB_API_URL": server.url,
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_REPOSITORY": "acme/churn",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_TOKEN": "secret",
        }.items():
            monkeypatch.setenv(name, value)
        picture = ["--picture", str(tmp_path / "comparison.svg")]
        monkeypatch.setattr("sys.argv", ["github", "--findings", str(tmp_path), *picture])
        return github.main()

    return run


def pull(number: int, sha: str = "aaa", repository: int = 7) -> dict[str, Any]:
    return {"number": number, "head": {"sha": sha, "repo": {"id": repository}}}


PULLS = "GET /repos/acme/churn/pulls"
COMMENTS = "/repos/acme/churn/issues/12/comments"


def test_github_creates_the_comment_on_the_pull_request_of_the_run(
    server: FakeServer, run_github: Callable[..., int], tmp_path: Path
) -> None:
    deleted = {"number": 4, "head": {"sha": "aaa", "repo": None}}
    server.answers[PULLS] = [pull(11, sha="older"), pull(3, repository=8), deleted, pull(12)]
    # Another user copied the marker, and a user was deleted.
    server.answers[f"GET {COMMENTS}"] = [
        {"id": 1, "body": MARKER, "user": {"login": "someone"}},
        {"id": 2, "body": MARKER, "user": None},
    ]
    server.answers[f"POST {COMMENTS}"] = {}
    assert run_github(changed()) == 0
    [(method, path, body)] = server.writes()
    assert (method, path) == ("POST", COMMENTS)
    assert body["body"].startswith(f"{MARKER}\n\n## Model comparison: worse\n")
    assert "**Head**: `aaa`" in body["body"]
    assert (tmp_path / "summary.md").read_text() == body["body"]
    assert (tmp_path / "comparison.svg").read_text().startswith("<svg")
    assert server.calls[0][1].startswith("/repos/acme/churn/pulls?state=open&head=fork%3Aa%26b&")
    assert server.headers[0]["authorization"] == "Bearer secret"


def test_github_edits_the_comment_after_a_push(
    server: FakeServer, run_github: Callable[..., int]
) -> None:
    server.answers[PULLS] = [pull(12)]
    bot = {"login": "github-actions[bot]"}
    server.answers[f"GET {COMMENTS}"] = [
        *({"id": number, "body": None, "user": bot} for number in range(100)),
        {"id": 200, "body": f"{MARKER}\nolder", "user": bot},
    ]
    server.answers["PATCH /repos/acme/churn/issues/comments/200"] = {}
    assert run_github(changed()) == 0
    assert [call[:2] for call in server.writes()] == [
        ("PATCH", "/repos/acme/churn/issues/comments/200")
    ]


def test_github_comments_that_a_comparison_failed(
    server: FakeServer, run_github: Callable[..., int], tmp_path: Path
) -> None:
    server.answers |= {PULLS: [pull(12)], f"GET {COMMENTS}": [], f"POST {COMMENTS}": {}}
    # A failed run may have an artifact, too.
    assert run_github(changed(), conclusion="failure") == 0
    [(_, _, body)] = server.writes()
    assert body["body"] == (
        f"{MARKER}\n\n## Model comparison: failed\n\n"
        f"Commit `aaa`: the comparison failed: [log]({LOG})\n"
    )
    assert not (tmp_path / "comparison.svg").exists()


@pytest.mark.parametrize("pulls", [[], [pull(12, sha="newer")], [pull(12), pull(13)]])
def test_github_comments_nowhere_without_exactly_one_pull_request(
    pulls: list[Any],
    server: FakeServer,
    run_github: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.answers[PULLS] = pulls
    assert run_github(changed()) == 0
    assert server.writes() == []
    assert "No comment: not one open pull request has the commit aaa." in capsys.readouterr().out


def test_github_error_is_exit_status_1(
    run_github: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_github(None) == 1
    assert "GET /pulls?state=open" in capsys.readouterr().err


NOTES = "/projects/5/merge_requests/9/notes"


@pytest.fixture
def gitlab_server(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """Merge request 9 with a comparison of its newest commit, and 10 of a fork."""
    request = {"iid": 9, "sha": "aaa", "project_id": 5}
    server.answers = {
        "GET /user": {"id": 3},
        "GET /projects/5/merge_requests": [request, {**request, "iid": 10}],
        "GET /projects/5/merge_requests/9/pipelines": [
            {"id": 70, "sha": "older", "project_id": 5},
            {"id": 71, "sha": "aaa", "project_id": 5},
        ],
        "GET /projects/5/merge_requests/10/pipelines": [{"id": 1, "sha": "aaa", "project_id": 6}],
        "GET /projects/5/pipelines/71/jobs": [
            {"id": 500, "name": "other", "status": "success", "web_url": LOG},
            {"id": 501, "name": "compare", "status": "success", "web_url": LOG},
        ],
        "GET /projects/5/jobs/501/artifacts/comparison.json": changed(),
        f"GET {NOTES}": [{"id": 1, "body": MARKER, "author": {"id": 4}}],
        f"POST {NOTES}": {},
    }
    monkeypatch.setenv("CI_API_V4_URL", server.url)
    monkeypatch.setenv("CI_PROJECT_ID", "5")
    monkeypatch.setenv("MODEL_COMMENT_TOKEN", "secret")
    return server


def test_gitlab_comments_once_on_each_merge_request(
    gitlab_server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gitlab.main() == 0
    [(method, path, body)] = gitlab_server.writes()
    assert (method, path) == ("POST", NOTES)
    assert "## Model comparison: worse" in body["body"]
    assert gitlab_server.headers[0]["private-token"] == "secret"
    assert "10: no comparison of commit aaa has ended in this project." in capsys.readouterr().out

    # The next schedule finds its comment; a failure edits it.
    gitlab_server.answers[f"GET {NOTES}"] = [{"id": 2, **body, "author": {"id": 3}}]
    assert gitlab.main() == 0
    assert len(gitlab_server.writes()) == 1
    gitlab_server.answers["GET /projects/5/pipelines/71/jobs"][1]["status"] = "failed"
    gitlab_server.answers[f"PUT {NOTES}/2"] = {}
    assert gitlab.main() == 0
    method, path, body = gitlab_server.writes()[-1]
    assert (method, path) == ("PUT", f"{NOTES}/2")
    assert "## Model comparison: failed" in body["body"]


def test_gitlab_error_is_exit_status_1(
    gitlab_server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    del gitlab_server.answers[f"POST {NOTES}"]
    assert gitlab.main() == 1
    assert "POST /projects/5/merge_requests/9/notes: 404 null" in capsys.readouterr().err
