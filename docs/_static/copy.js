// A button on each block of code that copies it: of a session at a prompt what is typed, without what it answers.

const typed = (block) => {
  const copy = block.cloneNode(true);
  copy.querySelectorAll(".gp, .go, .gt, button").forEach((part) => part.remove());
  const atPrompt = block.querySelector(".gp") !== null;
  return atPrompt ? copy.textContent.replace(/\n{2,}/g, "\n").trim() + "\n" : copy.textContent;
};

for (const block of document.querySelectorAll("div.highlight")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(typed(block.querySelector("pre")));
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed here"; // browsers offer the clipboard to secure pages only
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  block.append(button);
}
