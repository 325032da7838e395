"""QR codes as rows of dark modules, for drawing as SVG in a template."""

import segno


def qr_modules(text: str) -> list[list[int]]:
    """A square of 0 (light) and 1 (dark), with the quiet zone of four modules that readers need."""
    code = segno.make(text, error="m", micro=False)
    return [[int(bool(module)) for module in row] for row in code.matrix_iter(border=4)]
