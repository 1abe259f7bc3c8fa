"""No two modules import each other, directly or by way of others."""

import grimp


def test_it_works() -> None:
    """Find strongly connected groups of modules, with Tarjan's algorithm."""
    graph = grimp.build_graph("bluelamp", "sandbox", include_external_packages=False)
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    cycles: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for imported in graph.find_modules_directly_imported_by(module):
            if imported not in order:
                visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in stack:
                lowest[module] = min(lowest[module], order[imported])
        if lowest[module] == order[module]:
            group = []
            while True:
                group.append(stack.pop())
                if group[-1] == module:
                    break
            if len(group) > 1:
                cycles.append(sorted(group))

    for module in sorted(graph.modules):
        if module not in order:
            visit(module)
    assert len(order) > 300, "the graph should hold the whole program"
    assert cycles == []
