// Suggestions while one types: the combobox pattern of the ARIA practices. Without it the box is a plain one.
const WAIT = 150;
let number = 0;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.kind = input.dataset.suggest === "all" ? "" : input.dataset.suggest;
    this.active = -1;
    this.items = [];
    this.build();
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
  }

  build() {
    const id = `suggestions-${(number += 1)}`;
    this.list = element("ul", { id, role: "listbox", class: "remit-suggestions", "aria-label": "Suggestions" });
    this.status = element("div", { role: "status", class: "nhsuk-u-visually-hidden" });
    this.list.hidden = true;
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    const frame = element("div", { class: "remit-suggest" });
    this.input.replaceWith(frame);
    frame.append(this.input, this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
    }))
      this.input.setAttribute(name, value);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    this.request?.abort();
    const q = this.input.value.trim();
    if (q.length < 2) return this.close();
    this.request = new AbortController();
    const fields = new URLSearchParams({ q, limit: "8" });
    if (this.kind) fields.set("kind", this.kind);
    try {
      const answer = await fetch(`/api/v1/suggest?${fields}`, { signal: this.request.signal });
      if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).suggestions, q);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(items, q) {
    this.items = items;
    this.asked = q;
    this.active = -1;
    this.list.replaceChildren(...items.map((item, place) => option(item, `${this.list.id}-${place}`)));
    this.open(items.length > 0);
    const told = items.length === 1 ? "1 suggestion" : `${items.length} suggestions`;
    this.status.textContent = items.length ? `${told}. Use the up and down arrows.` : "No suggestions.";
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    if (!yes) this.mark(-1);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.open(false);
    this.status.textContent = "";
  }

  mark(place) {
    this.active = place;
    [...this.list.children].forEach((each, here) => each.setAttribute("aria-selected", String(here === place)));
    const chosen = this.list.children[place];
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = !this.list.hidden;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.items.length) {
      event.preventDefault();
      if (this.asked !== this.input.value.trim()) return this.ask();
      if (!open) this.open(true);
      const count = this.items.length;
      const from = this.active < 0 && steps[event.key] < 0 ? count : this.active;
      this.mark((from + steps[event.key] + count) % count);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.choose(this.list.children[this.active]);
    }
  }

  choose(chosen) {
    if (!chosen) return;
    const item = this.items[[...this.list.children].indexOf(chosen)];
    this.close();
    if (this.kind) this.input.value = item.code ? `${item.label} (${item.code})` : item.label;
    else if (item.href) location.assign(item.href);
  }
}

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function option(item, id) {
  const made = element("li", { role: "option", id, "aria-selected": "false" }, item.label);
  const more = [item.code, item.context, item.code ? "" : item.kind.replaceAll("-", " ")].filter(Boolean).join(", ");
  made.append(" ", element("span", { class: "remit-source" }, more));
  return made;
}

export function setUpSuggestions(root) {
  for (const input of root.querySelectorAll("input[data-suggest]")) new Suggestions(input);
}
