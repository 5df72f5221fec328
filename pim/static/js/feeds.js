// The settings of a feed: another channel draws the form again with what it has, and only what belongs to the chosen schedule is shown.

import "./modules/node-search.js";

document.addEventListener("change", (event) => {
  const channel = event.target.closest("[data-goes]");
  if (channel) {
    const label = document.getElementById("label").value;
    window.location.assign(`${channel.dataset.goes}?${new URLSearchParams({ channel: channel.value, label })}`);
  }
  if (event.target.id === "when") showSchedule();
});

function showSchedule() {
  const when = document.getElementById("when")?.value;
  for (const field of document.querySelectorAll("[data-for-when]")) field.hidden = !field.dataset.forWhen.split(" ").includes(when);
}

showSchedule();
