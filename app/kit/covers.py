"""Generated cover art: one small SVG per subject, always the same for the same id.

There are `DRAWN` pictures in ten hues, drawn when the process starts: a page only picks.

The id chooses one of six motif families and its variation, drawn on a field of 320 × 200. Colours
are classes (k0 ground … k5 light; s0 … s5 as strokes) that the style sheet resolves from the hue
class, so light, dark and print need no second picture and no inline style. A cover weighs 0.5 to
3 kB and compresses well beside its siblings.
"""

import hashlib
import math
import random
from collections.abc import Callable, Iterator

from markupsafe import Markup

DRAWN = 1024
WIDTH, HEIGHT = 320, 200
HUES = (10, 40, 65, 95, 150, 200, 230, 260, 285, 330)

Shapes = Iterator[str]
Family = Callable[[random.Random], Shapes]


def cover(subject_id: int, hue: int) -> Markup:
    """Inline SVG for a subject.

    Args:
        subject_id: the subject's id; the same id always gives the same picture.
        hue: one of `HUES` (a topic's hue); any other number is led to the nearest of them.
    """
    return Markup(  # noqa: S704 — built from numbers alone
        f'<svg class="cover hue-{NEAREST[hue % 360]}{PICTURES[subject_id % DRAWN]}'
    )


def family_of(subject_id: int) -> Family:
    """The motif drawn for an id."""
    return FAMILIES[_seed(subject_id % DRAWN) % len(FAMILIES)]


def draw(number: int) -> str:
    """One of the pictures, behind its hue."""
    shapes = "".join(family_of(number)(random.Random(_seed(number))))  # noqa: S311 — art, not secrets
    return (
        f'" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true"'
        f' focusable="false"><path class="k0" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>{shapes}</svg>'
    )


def arcade(r: random.Random) -> Shapes:
    """Doors and windows: nested arches on one ground line, a low sun behind them."""
    tones = [("k2", "k3", "k5"), ("k1", "k2", "k3"), ("k3", "k1", "k2"), ("k5", "k1", "k3")]
    sun = r.randint(46, 70)
    yield circle(r.randint(50, 270), r.randint(62, 96), sun, "k4")
    x, last = -r.randint(10, 36), tones[0]
    while x < WIDTH:
        width = r.choice([62, 84, 108])
        height = r.randint(int(width * 0.95), 176)
        last = r.choice([tone for tone in tones if tone is not last])
        step = width / 5.2
        for ring, tone in enumerate(last):
            inner = width - 2 * step * ring
            yield arch(x + step * ring, inner, max(height - step * ring * 1.15, inner / 2), tone)
        x += width + r.choice([-8, 0, 8])


def hills(r: random.Random) -> Shapes:
    """Open country: ploughed hills, a sun and one path that leads out of the picture."""
    yield circle(r.randint(60, 260), r.randint(54, 82), r.randint(26, 44), "k4")
    base = 92
    for tone, furrows in (("k1", 0), ("k2", r.choice([0, 5])), ("k3", r.choice([4, 6]))):
        left, right = base + r.randint(-26, 26), base + r.randint(-26, 26)
        lift = r.randint(24, 52) * r.choice([-1, 1])
        bend = ((r.randint(70, 120), left - lift), (r.randint(190, 250), right + lift))
        curve = f"C{bend[0][0]} {bend[0][1]} {bend[1][0]} {bend[1][1]} {WIDTH} {right}"
        yield f'<path class="{tone}" d="M0 {left}{curve}V{HEIGHT}H0z"/>'
        if tone == "k2":
            yield road(r, ((0, left), *bend, (WIDTH, right)))
        stroke = "s2" if tone == "k3" else "s1"
        for shift in range(15, 15 * furrows + 1, 15):
            yield f'<path class="{stroke}" stroke-width="2.5" transform="translate(0 {shift})" d="M0 {left}{curve}"/>'
        base += 38


def road(r: random.Random, curve: tuple[tuple[int, int], ...]) -> str:
    """A winding path that begins on the ridge `curve`, a cubic Bézier of four points."""
    t = r.uniform(0.3, 0.7)
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
    x = sum(w * point[0] for w, point in zip(weights, curve, strict=True))
    y = sum(w * point[1] for w, point in zip(weights, curve, strict=True))
    s = r.choice([-1, 1])
    return (
        f'<path class="k5" d="M{n(x)} {n(y)}c{s * 34} 16 {s * -30} 30 {s * -26} 48s{s * 30} 26 {s * 22} 60h{s * 34}'
        f'c{s * 6} -40 {s * -44} -40 {s * -38} -62s{s * 44} -30 {s * 8} -46z"/>'
    )


def quilt(r: random.Random) -> Shapes:
    """Many hands, one cloth: a patchwork of quarter circles, leaves and discs."""
    cell, accents = 64, 0
    for row in range(4):
        for column in range(5):
            x, y = column * cell, row * cell - 28
            back = r.choice(["k0", "k1", "k1", "k2", "k3"])
            front = r.choice([tone for tone in ("k1", "k2", "k3", "k5") if tone != back])
            if accents < 3 and r.random() < 0.17:
                front, accents = "k4", accents + 1
            if back != "k0":
                yield f'<path class="{back}" d="M{x} {y}h{cell + 1}v{cell + 1}h-{cell + 1}z"/>'
            yield patch(r, x, y, cell, front)


def patch(r: random.Random, x: int, y: int, c: int, tone: str) -> str:
    """One shape of the quilt: a quarter, a leaf, a half or a disc in a square of side `c`."""
    h = c // 2
    quarters = [
        f"M{x} {y}h{c}a{c} {c} 0 0 1 -{c} {c}z",
        f"M{x + c} {y}v{c}a{c} {c} 0 0 1 -{c} -{c}z",
        f"M{x + c} {y + c}h-{c}a{c} {c} 0 0 1 {c} -{c}z",
        f"M{x} {y + c}v-{c}a{c} {c} 0 0 1 {c} {c}z",
    ]
    leaves_ = [
        f"M{x} {y}a{c} {c} 0 0 1 {c} {c}a{c} {c} 0 0 1 -{c} -{c}z",
        f"M{x + c} {y}a{c} {c} 0 0 1 -{c} {c}a{c} {c} 0 0 1 {c} -{c}z",
    ]
    halves = [f"M{x} {y + c}a{h} {h} 0 0 1 {c} 0z", f"M{x} {y}a{h} {h} 0 0 0 {c} 0z"]
    kind = r.choice([quarters, leaves_, halves, None])
    if kind is None:
        return circle(x + h, y + h, r.choice([12, 20, 26]), tone)
    return f'<path class="{tone}" d="{r.choice(kind)}"/>'


def thread(r: random.Random) -> Shapes:
    """The thread: parallel bands that run through the picture and cross once."""
    for tones, start, end in (
        (("s2", "s0", "s1", "s0", "s2"), r.randint(20, 70), r.randint(130, 180)),
        (("s3", "s5", "s4", "s5", "s3"), r.randint(130, 180), r.randint(20, 70)),
    ):
        reach = r.randint(90, 150)
        d = f"M-30 {start}C{reach} {start - 40} {WIDTH - reach} {end + 40} {WIDTH + 30} {end}"
        for width, tone in zip((92, 72, 54, 34, 16), tones, strict=True):
            yield f'<path class="{tone}" stroke-width="{width}" d="{d}"/>'


def leaves(r: random.Random) -> Shapes:
    """Growth: large two-toned leaves on stems, cropped like a botanical plate."""
    pairs = [("k2", "k3"), ("k3", "k2"), ("k1", "k2"), ("k5", "k1")]
    yield circle(r.randint(30, 290), r.randint(30, 90), r.randint(40, 66), "k4" if r.random() < 0.6 else "k1")
    for x in (r.randint(24, 70), r.randint(136, 184), r.randint(250, 296)):
        tones, top = r.choice(pairs), r.randint(14, 60)
        yield f'<path class="s3" stroke-width="4" d="M{x} {HEIGHT}V{top + 20}"/>'
        y, size = 182.0, float(r.randint(62, 84))
        while y > top + 14:
            for side in (-1, 1):
                yield leaf(x, y, size, -90 + side * r.randint(46, 60), tones)
            y -= size * 0.56
            size *= 0.86
        yield leaf(x, y + 6, size * 1.05, -90, tones)


def ripples(r: random.Random) -> Shapes:
    """One stone, many rings: two fields of rings that meet."""
    ax, ay = r.choice([(0, HEIGHT), (WIDTH, HEIGHT), (40, 0)])
    bx, by = WIDTH - ax + r.randint(-30, 30), HEIGHT - ay + r.randint(-14, 14)
    for cx, cy, tones, radius in (
        (ax, ay, ("k1", "k0", "k1", "k0", "k2"), r.randint(190, 230)),
        (bx, by, ("k3", "k2", "k5", "k3", "k4"), r.randint(120, 160)),
    ):
        for ring, tone in enumerate(tones):
            yield circle(cx, cy, radius * (1 - ring / len(tones)), tone)
    yield circle((ax + bx) // 2 + r.randint(-50, 50), (ay + by) // 2 + r.randint(-30, 30), r.randint(9, 17), "k4")


FAMILIES: tuple[Family, ...] = (arcade, hills, quilt, thread, leaves, ripples)


def arch(x: float, width: float, height: float, tone: str) -> str:
    """A door on the ground line, round above."""
    half = width / 2
    return (
        f'<path class="{tone}" d="M{n(x)} {HEIGHT}v-{n(max(height - half, 0))}'
        f'a{n(half)} {n(half)} 0 0 1 {n(width)} 0V{HEIGHT}z"/>'
    )


def leaf(x: float, y: float, size: float, degrees: int, tones: tuple[str, str]) -> str:
    """A lens of two halves in two tones, its stem at (x, y)."""
    angle, belly, out = math.radians(degrees), size * 0.34, ""
    tip = (x + size * math.cos(angle), y + size * math.sin(angle))
    for side, tone in zip((-1, 1), tones, strict=True):
        bx = x + size * 0.42 * math.cos(angle) - side * belly * math.sin(angle)
        by = y + size * 0.42 * math.sin(angle) + side * belly * math.cos(angle)
        out += f'<path class="{tone}" d="M{n(x)} {n(y)}Q{n(bx)} {n(by)} {n(tip[0])} {n(tip[1])}z"/>'
    return out


def circle(cx: float, cy: float, radius: float, tone: str) -> str:
    """A disc."""
    return f'<circle class="{tone}" cx="{n(cx)}" cy="{n(cy)}" r="{n(radius)}"/>'


def n(value: float) -> str:
    """A coordinate, in whole units."""
    return str(round(value))


def _seed(number: int) -> int:
    return int.from_bytes(hashlib.sha256(str(number).encode()).digest()[:8], "big")


def _apart(one: int, other: int) -> int:
    """How far two hues are from each other on the colour circle, in degrees."""
    return min((one - other) % 360, (other - one) % 360)


NEAREST = tuple(min(HUES, key=lambda known: _apart(known, hue)) for hue in range(360))
PICTURES = tuple(draw(number) for number in range(DRAWN))
