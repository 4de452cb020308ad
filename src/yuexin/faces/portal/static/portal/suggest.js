// What may be meant by what is typed so far: the combobox pattern of WAI-ARIA. Without it the form
// asks as before.
"use strict";

(() => {
  const PAUSE_MS = 120;

  for (const box of document.querySelectorAll("input[data-suggest]")) attach(box);

  function attach(box) {
    const list = document.createElement("ul");
    list.id = `${box.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.suggestLabel);
    list.hidden = true;
    box.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list.id,
    })) box.setAttribute(name, value);

    let waiting = 0;
    let asking = new AbortController();
    let active = -1;

    box.addEventListener("input", (event) => { if (!event.isComposing) later(); });
    box.addEventListener("compositionend", later);
    box.addEventListener("keydown", onKey);
    box.addEventListener("blur", close);

    function later() {
      clearTimeout(waiting);
      asking.abort();
      waiting = setTimeout(ask, PAUSE_MS);
    }

    async function ask() {
      asking = new AbortController();
      const typed = box.value.trim();
      if (typed.length < 2) return close();
      try {
        const answer = await fetch(
          `${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
        show(answer.ok ? (await answer.json()).suggestions : []);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    function show(suggestions) {
      list.replaceChildren(...suggestions.map(option));
      active = -1;
      box.removeAttribute("aria-activedescendant");
      open(suggestions.length > 0 && document.activeElement === box);
    }

    function option(suggestion, place) {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.href = suggestion.href;
      const name = document.createElement("span");
      name.textContent = suggestion.name;
      name.lang = "zh-Hans";
      const why = document.createElement("span");
      why.className = "soft";
      why.textContent = suggestion.why;
      item.append(name, " ", why);
      // The box keeps the focus, so that leaving it can close the list.
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => location.assign(item.dataset.href));
      return item;
    }

    function onKey(event) {
      if (event.isComposing || list.hidden) return;
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) {
        event.preventDefault();
        choose(move);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        location.assign(list.children[active].dataset.href);
      }
    }

    function choose(move) {
      const count = list.children.length;
      list.children[active]?.setAttribute("aria-selected", "false");
      active = active < 0 && move < 0 ? count - 1 : active + move;
      if (active < 0 || active >= count) active = -1;
      const item = list.children[active];
      if (!item) return box.removeAttribute("aria-activedescendant");
      item.setAttribute("aria-selected", "true");
      item.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", item.id);
    }

    function open(yes) {
      list.hidden = !yes;
      box.setAttribute("aria-expanded", String(yes));
    }

    function close() {
      clearTimeout(waiting);
      asking.abort();
      active = -1;
      box.removeAttribute("aria-activedescendant");
      open(false);
    }
  }
})();
