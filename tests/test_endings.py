"""Rules for the tests themselves: none forks this process, and none waits without an end."""

import ast
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
SOURCES = sorted(TESTS.rglob("*.py"))
WAITING = TESTS / "waiting.py"
# Servers of the tests and senders of a server's: their threads serve until the process ends.
SERVERS = {*(TESTS / "parts").glob("*_server.py"), TESTS / "servers" / "slow.py"}
# Calls that wait for ever unless they are told how long; and those that wait when they are told nothing at all.
NEED_TIMEOUT = {"run", "check_call", "check_output", "communicate", "urlopen"}
NEED_ARGUMENT = {"wait", "join", "result", "acquire", "get", "get_nowait"}


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call with the name it is written under: "subprocess.run", "thread.join"."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [(ast.unparse(node.func), node) for node in nodes if isinstance(node, ast.Call)]


def places(path: Path, wrong: list[ast.Call]) -> list[str]:
    return [f"{path.relative_to(TESTS)}:{call.lineno}" for call in wrong]


def test_no_test_forks_the_process_that_runs_the_others() -> None:
    def forks(name: str, call: ast.Call) -> bool:
        given = {keyword.arg for keyword in call.keywords}
        words = [each.value for each in call.args if isinstance(each, ast.Constant)]
        return (
            name in ("os.fork", "os.forkpty", "multiprocessing.Process", "multiprocessing.Pool")
            or (name.endswith("get_context") and words != ["spawn"])
            or (name.endswith("ProcessPoolExecutor") and "mp_context" not in given)
            or "preexec_fn" in given
        )

    assert not [place for path in SOURCES for place in places(path, [c for n, c in calls(path) if forks(n, c)])]


def test_nothing_is_waited_for_without_an_end() -> None:
    def is_endless(name: str, call: ast.Call) -> bool:
        last = name.rpartition(".")[2]
        if last in NEED_TIMEOUT and (name.startswith(("subprocess.", "urllib.")) or last == "communicate"):
            return "timeout" not in {keyword.arg for keyword in call.keywords}
        return last in NEED_ARGUMENT and "." in name and not call.args and not call.keywords

    assert not [place for path in SOURCES for place in places(path, [c for n, c in calls(path) if is_endless(n, c)])]


def test_one_module_waits_and_begins_threads() -> None:
    others = [path for path in SOURCES if path not in {WAITING, *SERVERS}]
    names = ("sleep", "Thread", "ThreadPoolExecutor", "Barrier", "Timer")

    def of_its_own(path: Path) -> list[ast.Call]:
        return [call for name, call in calls(path) if name.rpartition(".")[2] in names]

    assert not [place for path in others for place in places(path, of_its_own(path))]
