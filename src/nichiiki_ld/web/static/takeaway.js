// A button beside each text that is meant to be copied.
const words = document.getElementById("copy-words")?.dataset;
if (words && navigator.clipboard) {
  for (const text of document.querySelectorAll("pre.copyable")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    text.before(button);
  }
}
