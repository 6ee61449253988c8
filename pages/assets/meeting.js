// Keys of the meeting: they press the buttons that stand below each slide, so that keyboard and mouse do the same.
// ←/→, Page Up/Down and space go on and back, Home and End to the ends, a number and Enter to a page, F fills the screen.
// The buttons come with the mouse or a touch and go again; a finger that wipes to a side turns the page.
(() => {
  "use strict";

  const SLOWEST = 3600; // seconds a page stays at most: a longer wait would overflow the clock and turn at once
  const PATIENCE = 3000; // milliseconds after which a number begun is forgotten
  const slide = () => document.querySelector(".st-key-slide");
  const button = (key) => document.querySelector(`.st-key-${key} button`);
  let typed = "";
  let forget = 0;
  const AWAKE = 4000; // milliseconds for which the buttons stay after the last move
  const WIPED = 60; // pixels to the side, and twice as many as up or down: less is a touch or scrolls
  let asleep = 0;
  let begun = null;
  let auto = { key: "", timer: 0 };

  const press = (key) => {
    const found = button(key);
    if (found && !found.disabled) found.click();
  };

  const fill = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  };

  const KEYS = new Map([
    ["ArrowRight", () => press("slide-next")],
    ["PageDown", () => press("slide-next")],
    [" ", () => press("slide-next")],
    ["ArrowLeft", () => press("slide-previous")],
    ["PageUp", () => press("slide-previous")],
    ["Home", () => press("slide-to-1")],
    ["End", () => press("slide-last")],
    ["f", fill],
    ["F", fill],
  ]);

  const isWriting = (target) => target.closest?.("input, textarea, select, [contenteditable=true], [role=listbox], [role=dialog]");

  const onKey = (event) => {
    if (!slide() || event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target)) return;
    if (/^[0-9]$/.test(event.key)) {
      typed = (typed + event.key).slice(-3);
      window.clearTimeout(forget);
      forget = window.setTimeout(() => (typed = ""), PATIENCE);
      return;
    }
    if (event.key === "Enter" && typed) {
      press(`slide-to-${Number(typed)}`);
      typed = "";
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // A button that has the focus is pressed by space as everywhere; the arrows still turn pages.
    if (event.key === " " && event.target.closest?.("button, a, summary")) return;
    const act = KEYS.get(event.key);
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  };

  // A wall screen turns the pages by itself: the number of seconds stands in the name of a place on the slide.
  const watch = () => {
    const place = document.querySelector("[class*='st-key-slide-auto-']");
    const key = place ? /st-key-slide-auto-(\d+)/.exec(place.className)[1] : "";
    if (key === auto.key) return;
    window.clearInterval(auto.timer);
    auto = { key, timer: key ? window.setInterval(() => press("slide-turn"), Math.min(Number(key), SLOWEST) * 1000) : 0 };
  };

  const wake = () => {
    document.documentElement.classList.add("slide-awake");
    window.clearTimeout(asleep);
    asleep = window.setTimeout(() => document.documentElement.classList.remove("slide-awake"), AWAKE);
  };

  const onWipe = (event) => {
    const [finger] = event.changedTouches;
    const [right, down] = begun ? [finger.clientX - begun.clientX, finger.clientY - begun.clientY] : [0, 0];
    begun = null;
    if (slide() && Math.abs(right) > Math.max(WIPED, 2 * Math.abs(down))) press(right < 0 ? "slide-next" : "slide-previous");
  };

  document.addEventListener("keydown", onKey, true);
  document.addEventListener("pointermove", wake, { passive: true });
  document.addEventListener("pointerdown", wake, { passive: true });
  document.addEventListener("touchstart", (event) => { begun = event.touches.length === 1 && !isWriting(event.target) ? event.touches[0] : null; }, { passive: true });
  document.addEventListener("touchend", onWipe, { passive: true });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".st-key-slide-full button")) fill();
  });
  new MutationObserver(watch).observe(document.documentElement, { subtree: true, childList: true });
})();
