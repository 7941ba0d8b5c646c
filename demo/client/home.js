/** The first page: its choices go into the links, and into the app's settings. */
const policy = document.getElementById("csp");
policy.addEventListener("change", () => {
  for (const link of document.querySelectorAll(".links a")) {
    const target = new URL(link.href);
    target.searchParams.set("csp", policy.value);
    link.href = target.href;
  }
});

const guid = document.getElementById("guid");
guid.addEventListener("change", () => {
  fetch("/demo/settings", { method: "PATCH", body: JSON.stringify({ numericGuid: guid.value === "true" }) });
});
guid.value = String((await (await fetch("/demo/settings")).json()).numericGuid);
