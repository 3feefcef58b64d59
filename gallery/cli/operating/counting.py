"""A bar for each step of a long command, without knowing how long it is."""

from typing import Never, Self

from tqdm import tqdm


class Counting:
    """Counts what each step has done; silent where nobody is watching."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm[Never]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self._bars.values():
            bar.close()

    def __call__(self, step: str, done: int) -> None:
        """Count what a step has done."""
        if step not in self._bars:
            self._bars[step] = tqdm(desc=step, unit="", disable=None)
        self._bars[step].update(done)
