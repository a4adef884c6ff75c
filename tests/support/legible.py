"""What nobody can read on a page as it stands in a browser: words cut off, beyond the edge, or on top of others."""

from playwright.sync_api import Page

# The bars at the bottom of a phone stand at the page's end, so that they cover nothing one could scroll to.
UNSTICK = """() => document.querySelectorAll(".action-bar, .bottom-bar, .sticky, .live").forEach((bar) => {
  bar.style.position = "static";
})"""
# A line of text is what a range around a text node covers on one line. Teasers that end in three dots are shortened
# on purpose; their whole text is on the page they lead to.
FAULTS = """() => {
  const name = (text) => `"${text.trim().replace(/\\s+/g, " ").slice(0, 40)}"`;
  const faults = new Set(), lines = [];
  const out = document.documentElement.scrollWidth - innerWidth;
  if (out > 0) faults.add(`the page sticks out by ${out} px`);
  const teaser = (e) => e.closest(".clamp, .cut, .chain a, .carousel");
  const up = (e, tells) => { for (; e; e = e.parentElement) if (tells(getComputedStyle(e))) return true; };
  const scrolls = (e) => up(e, (its) => ["auto", "scroll"].includes(its.overflowX));
  const hides = (e) => up(e, (its) => its.clipPath !== "none");
  const beside = ".visually-hidden, [hidden], script, template, option, svg, .skip-link";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest(beside) || hides(parent)) continue;
    if (!parent.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const clips = [];
    for (let e = parent; e && e !== document.body; e = e.parentElement)
      if (["hidden", "clip"].includes(getComputedStyle(e).overflowX)) clips.push(e.getBoundingClientRect());
    for (const box of range.getClientRects()) {
      if (box.width < 3 || box.height < 3) continue;
      const beyond = box.right > innerWidth + 1 || box.left < -1;
      if (beyond && !scrolls(parent)) faults.add(`beyond the edge: ${name(node.data)}`);
      const cut = clips.some((clip) => box.right > clip.right + 2 || box.left < clip.left - 2
        || box.bottom > clip.bottom + box.height / 3);
      if (cut && !teaser(parent)) faults.add(`cut off: ${name(node.data)}`);
      if (!cut) lines.push({box, node, parent});
    }
  }
  lines.sort((a, b) => a.box.top - b.box.top);
  for (const [index, a] of lines.entries()) {
    for (let next = index + 1; next < lines.length && lines[next].box.top < a.box.bottom; next++) {
      const b = lines[next];
      if (a.node === b.node || a.parent.contains(b.node) || b.parent.contains(a.node)) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide > 2 && high > Math.min(a.box.height, b.box.height) * 0.4)
        faults.add(`on top of each other: ${name(a.node.data)} and ${name(b.node.data)}`);
    }
  }
  return [...faults];
}"""


# What lies below is drawn when one comes near; until then it has no more than a height that was guessed.
DRAWN = """() => {
  for (const one of document.querySelectorAll("*")) {
    if (getComputedStyle(one).contentVisibility === "auto") one.style.contentVisibility = "visible";
  }
}"""


def illegible(page: Page) -> list[str]:
    """Words that are cut off, beyond the edge of the window or on top of others, as the page stands now."""
    page.evaluate(UNSTICK)
    page.evaluate(DRAWN)
    return list(page.evaluate(FAULTS))
