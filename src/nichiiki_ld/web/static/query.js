// The query page: how it is sent, how long it took, and tables that sort.
const field = document.getElementById("query");
const { form } = field;
const keys = document.getElementById("query-keys");
keys.textContent = keys.dataset.plain;

// --- sending

const isLong = () => encodeURIComponent(field.value).length > Number(field.dataset.longest);

function tellLength() {
  document.getElementById("too-long").hidden = !isLong();
}
field.addEventListener("input", tellLength);
form.addEventListener("submit", () => {
  form.method = isLong() ? "post" : "get";
});
// The page is what a browser gets anyway: its address is shorter without.
form.addEventListener("formdata", ({ formData }) => {
  if (formData.get("format") === "html") {
    formData.delete("format");
  }
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// --- how long it took, as the server says in the field Server-Timing

const timing = document.getElementById("timing");
const measured = performance.getEntriesByType("navigation")[0]?.serverTiming ?? [];
if (timing && measured.length) {
  const named = Object.fromEntries(measured.map((each) => [each.name, each]));
  if (named.cache?.description === "hit") {
    timing.textContent = timing.dataset.again;
  } else if (named.eval) {
    timing.textContent = timing.dataset.evaluated.replace("{ms}", named.eval.duration.toLocaleString());
  }
}

// --- sorting

const table = document.getElementById("solutions");
if (table && table.tBodies[0].rows.length > 1) {
  const [body] = table.tBodies;
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const headings = [...table.tHead.rows[0].cells];
  const sortBy = (heading, column) => {
    const direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const isNumber = heading.classList.contains("quantity");
    const rows = [...body.rows].map((row) => ({ row, text: row.cells[column].textContent.trim() }));
    rows.sort((one, other) => {
      // What is empty stays at the end, in either direction.
      if (!one.text || !other.text) {
        return Number(!one.text) - Number(!other.text);
      }
      return direction * (isNumber ? Number(one.text) - Number(other.text) : order.compare(one.text, other.text));
    });
    body.append(...rows.map(({ row }) => row));
    for (const each of headings) {
      each.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  };
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.title = table.dataset.sort;
    button.textContent = heading.textContent;
    button.addEventListener("click", () => sortBy(heading, column));
    heading.replaceChildren(button);
  });
}
