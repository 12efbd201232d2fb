"""The sentences that a check can say, read from its source, and which of them a fault is."""

import ast
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType


def clauses_of(*modules: ModuleType) -> list[str]:
    """Return each sentence as a pattern; whatever stands in the source with a space and is no docstring is a sentence."""
    found = []
    for module in modules:
        assert module.__file__ is not None
        found += _sentences(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
    return found


def not_said(clauses: list[str], faults: Iterable[str]) -> list[str]:
    """Return the clauses that none of the faults comes from.

    A fault comes from the clause that fixes most of its words; two clauses with the same words need two faults.
    """
    said: Counter[str] = Counter()
    for fault in set(faults):
        fitting = [clause for clause in clauses if re.fullmatch(clause, fault)]
        assert fitting, f"no clause says: {fault}"
        said[max(fitting, key=lambda clause: len(clause.replace(".+", "")))] += 1
    return list((Counter(clauses) - said).elements())


def _sentences(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return []  # a docstring
    if isinstance(node, ast.Constant):
        return [_pattern(node.value)] if isinstance(node.value, str) and " " in node.value else []
    return [sentence for child in ast.iter_child_nodes(node) for sentence in _sentences(child)]


def _pattern(template: str) -> str:
    """Return a message's template as a pattern: anything may stand for a value."""
    return ".+".join(re.escape(words) for words in re.split(r"{[^{}]*}", template))
