// Puts Streamlit's own few words into the reader's language, wherever it writes them: menus, toolbars, lists, dialogs.
// The words come with the document (pages/access/chrome.py). Only whole words in their own places are replaced.
(() => {
  "use strict";

  const ATTRIBUTES = ["aria-label", "aria-roledescription", "title", "placeholder", "alt"];
  const { languages, sections } = JSON.parse(document.getElementById("chrome-words").textContent);
  const has = (words) => words.includes("{");

  // "{size} per file" as an expression that finds it whole and keeps what stands in its gap.
  const expression = (words) =>
    new RegExp(
      `^${words
        .split(/(\{\w+\})/)
        .map((part) => (/^\{\w+\}$/.test(part) ? `(?<${part.slice(1, -1)}>.+)` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))
        .join("")}$`,
    );

  // What each word of the other languages becomes in this one: whole words by themselves, those with gaps in a row.
  const wordsInto = (language) => {
    const whole = new Map();
    const gapped = [];
    for (const { place, words } of sections) {
      for (const other of languages) {
        if (other === language) continue;
        words[other].forEach((from, number) => {
          const into = words[language][number];
          if (has(from)) gapped.push({ place, found: expression(from), into });
          else whole.set(from, [...(whole.get(from) ?? []), { place, into }]);
        });
      }
    }
    return { whole, gapped };
  };

  const asked = () => {
    const named = new URLSearchParams(window.location.search).getAll("lang").at(-1);
    return languages.includes(named) ? named : languages[0];
  };

  const known = new Map(languages.map((language) => [language, wordsInto(language)]));
  let language = asked();

  const translated = (said, element) => {
    const words = said.trim();
    // Behind an invisible separator stands what is searched and not shown: a name without diacritics.
    if (words.includes("\u2063")) return words.slice(0, words.indexOf("\u2063"));
    if (!words || words.length > 2000) return said;
    const { whole, gapped } = known.get(language);
    const found = whole.get(words)?.find(({ place }) => element.closest(place));
    if (found) return said.replace(words, () => found.into);
    for (const { place, found, into } of gapped) {
      const match = found.exec(words);
      if (match && element.closest(place)) return into.replace(/\{(\w+)\}/g, (_, name) => match.groups[name].replace(/^([\d.,]+)([KMGT]?B)$/, "$1 $2"));
    }
    return said;
  };

  const tell = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const element = node.parentElement;
      if (!element) return;
      const into = translated(node.nodeValue, element);
      if (into !== node.nodeValue) node.nodeValue = into;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      // Streamlit names the place for files and says at once that it has no name: a screen reader is told it is a group.
      if (node.dataset.testid === "stFileUploaderDropzone") node.setAttribute("role", "group");
      // The list of pages holds its menus as boxes between its items, which is no list: it is said as the links it has.
      if (node.matches("[data-testid=stSidebarNav] :is(ul, li)")) node.setAttribute("role", "presentation");
      // A picture among words would be read out by the name that its font has for it ("check_circle icon").
      if (node.matches("[role=img][aria-label$=' icon']")) {
        node.removeAttribute("aria-label");
        node.setAttribute("aria-hidden", "true");
      }
      // A table that is wider than the screen scrolls inside itself: by keyboard too, once it can be reached.
      if (node.parentElement?.dataset.testid === "stTable") node.tabIndex = 0;
      for (const name of ATTRIBUTES) {
        const said = node.getAttribute(name);
        if (said === null) continue;
        const into = translated(said, node);
        if (into !== said) node.setAttribute(name, into);
      }
    }
  };

  const tellAll = (root) => {
    tell(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) tell(walker.currentNode);
  };

  // The reader changes language without a new document: the address says it.
  const follow = () => {
    if (asked() === language) return false;
    language = asked();
    document.documentElement.lang = language;
    tellAll(document.body);
    return true;
  };

  // A tab that an address asks for stands further down: it comes into sight once, when a link or a letter has led there.
  let sought = new URLSearchParams(window.location.search).has("tab");
  const seek = () => {
    const tabs = sought && document.querySelector(".st-key-unit-tabs");
    if (!tabs) return;
    sought = false;
    // Not scrollIntoView: it would push up what lies around the page, too.
    window.setTimeout(() => tabs.closest("[data-testid=stMain]")?.scrollBy(0, tabs.getBoundingClientRect().top - 72), 300);
  };

  // What became of a file that was handed in stands above the form: told anew, it comes into sight.
  let told = "";
  const bringIntoSight = () => {
    const place = document.querySelector("[class*=st-key-upload-told-]");
    const name = place ? /st-key-upload-told-\S+/.exec(place.className)[0] : "";
    if (name === told) return;
    told = name;
    if (!place) return;
    const { top } = place.getBoundingClientRect();
    if (top < 0 || top > window.innerHeight / 2) place.scrollIntoView({ block: "start" });
  };

  new MutationObserver((changes) => {
    bringIntoSight();
    seek();
    if (follow()) return;
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(tellAll);
      else tell(target);
    }
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
  window.addEventListener("popstate", follow);

  // A link of the menu keeps campaign, language, indicator, phase and day: Streamlit's own would drop them. Without this script the
  // menu works all the same. Streamlit takes the new address as it takes one of the back button.
  const KEPT = ["campaign", "lang", "indicator", "phase", "as_of"];
  const MENU = "[data-testid=stTopNavLink], [data-testid=stTopNavDropdownLink], [data-testid=stSidebarNavLink]";
  const kept = () => {
    const here = new URLSearchParams(window.location.search);
    return new URLSearchParams(KEPT.filter((name) => here.has(name)).map((name) => [name, here.getAll(name).at(-1)]));
  };
  const isPlain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const go = (event, onward) => {
    event.preventDefault();
    event.stopPropagation();
    if (onward.href === window.location.href) return;
    sought = onward.searchParams.has("tab");
    window.history.pushState({}, "", onward);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest(MENU);
      if (!link || event.button !== 0) return;
      const onward = new URL(link.href);
      onward.search = kept();
      if (!isPlain(event)) {
        link.href = onward;
        return;
      }
      go(event, onward);
      link.closest("[role=menu]")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      if (link.closest("[data-testid=stSidebar]")) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
    },
    true,
  );

  // A link among words or in a table to another page of the product: Streamlit would open a new tab. What it keeps, its
  // address says.
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest(":is([data-testid=stTable], [data-testid=stMarkdown], .st-key-gaps-tiles) a[href]");
      if (link && isPlain(event) && link.origin === window.location.origin) go(event, new URL(link.href));
    },
    true,
  );

  // To the main content is to what the page says, not to the bar of choices above it.
  document.addEventListener(
    "click",
    (event) => {
      const said = event.target.closest("[data-testid=stSkipToContent]") && document.querySelector("[data-testid=stMain] h1");
      if (!said) return;
      event.preventDefault();
      event.stopPropagation();
      said.tabIndex = -1;
      said.focus();
    },
    true,
  );

  // The address of what is looked at, to be sent on. Where the browser has no clipboard for a page, the old way.
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".st-key-copy-link button")) return;
    const address = window.location.href;
    const copyTheOldWay = () => {
      const field = document.body.appendChild(document.createElement("textarea"));
      field.value = address;
      field.select();
      document.execCommand("copy");
      field.remove();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(address).catch(copyTheOldWay);
    else copyTheOldWay();
  });

  // Paper is white: print.css has to know when the screen is not.
  window.matchMedia("print").addEventListener("change", ({ matches }) => {
    const page = document.querySelector("[data-testid=stApp]");
    const [red, green, blue] = page ? window.getComputedStyle(page).backgroundColor.match(/[\d.]+/g).map(Number) : [255, 255, 255];
    if (matches && red + green + blue < 384) document.documentElement.dataset.ground = "dark";
    else delete document.documentElement.dataset.ground;
  });
})();
