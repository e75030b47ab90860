// Completes what is typed in a box that searches: an editable combobox with a list of links.
// Source: ARIA Authoring Practices Guide, combobox pattern. Without this the form works as it is.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const WAIT = 150;
  const LIMIT = 8;
  // A syllable that is not typed to its end: きたm.
  const BEGUN = /([\u3041-\u30ff\u4e00-\u9fff])[a-zａ-ｚ]{1,2}$/u;

  function complete(input, number) {
    const form = input.form;
    const list = document.createElement("ul");
    const status = document.createElement("div");
    let timer = 0;
    let asked = "";
    let request = null;
    let active = -1;

    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.list);
    status.className = "unseen";
    status.setAttribute("role", "status");
    form.classList.add("completes");
    form.append(list, status);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
      input.setAttribute(name, value);
    }

    const options = () => [...list.children];

    function choose(place) {
      active = place;
      options().forEach((each, at) => each.setAttribute("aria-selected", String(at === active)));
      const chosen = options()[active];
      if (chosen) {
        input.setAttribute("aria-activedescendant", chosen.id);
        chosen.scrollIntoView({block: "nearest"});
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function close() {
      clearTimeout(timer);
      request?.abort();
      request = null;
      asked = "";
      list.hidden = true;
      list.replaceChildren();
      status.textContent = "";
      input.setAttribute("aria-expanded", "false");
      choose(-1);
    }

    function line(name, text, language) {
      const span = document.createElement("span");
      span.className = name;
      span.textContent = text;
      if (language) span.lang = language;
      return span;
    }

    function option(result, at) {
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.href = result.href ?? "";
      item.append(line("suggestion-kind", result.kindLabel));
      item.append(line("suggestion-name", result.label, result.language));
      if (result.reading) item.append(line("suggestion-more", result.reading));
      if (result.context) item.append(line("suggestion-more", result.context));
      return item;
    }

    function show(results) {
      list.replaceChildren(...results.filter(each => each.href).map(option));
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      status.textContent = list.hidden ? words.none : words.number.replace("#", String(list.children.length));
      choose(-1);
    }

    async function ask() {
      const text = input.value.trim().replace(BEGUN, "$1");
      if (text === asked) return;
      if (!text) return close();
      asked = text;
      request?.abort();
      const mine = request = new AbortController();
      try {
        const answer = await fetch(`${words.address}?${new URLSearchParams({q: text, limit: String(LIMIT)})}`, {signal: mine.signal});
        if (!answer.ok) return close();
        const found = await answer.json();
        if (request === mine && document.activeElement === input) show(found.results);
      } catch {
        // Given up for a newer one, or not reachable: the form works all the same.
      }
    }

    function go(item) {
      location.assign(item.dataset.href);
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", event => {
      // While an input method has the keys, they are its own.
      if (event.isComposing) return;
      const last = list.children.length - 1;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) {
          asked = "";
          ask();
        } else if (event.key === "ArrowDown") {
          choose(active === last ? -1 : active + 1);
        } else {
          choose(active === -1 ? last : active - 1);
        }
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        go(options()[active]);
      } else if (event.key === "Tab") {
        close();
      }
    });
    input.addEventListener("blur", close);
    // Before the field loses the focus, which would close the list.
    list.addEventListener("mousedown", event => event.preventDefault());
    list.addEventListener("click", event => {
      const item = event.target.closest("[role=option]");
      if (item) go(item);
    });
    form.addEventListener("submit", close);
  }

  document.querySelectorAll('form[role="search"] input[name="q"]').forEach(complete);
})();
