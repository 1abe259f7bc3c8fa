// Tells the style sheet that scripts run. Not a module, because modules run after the first paint, when parts that only
// the page without JavaScript needs would flash.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");

// After "Exit this page", Back in the same tab must not show the pages from before.
(() => {
  const leave = (isBack) => {
    let address = null;
    try {
      address = sessionStorage.getItem("bluelamp-exited-to");
      if (address && !isBack) sessionStorage.removeItem("bluelamp-exited-to");
    } catch {
      // A browser that stores nothing has no mark.
    }
    if (address && isBack) {
      document.documentElement.hidden = true;
      window.location.replace(address);
    }
  };
  if (!document.body.classList.contains("bl-public")) return;
  const [navigation] = performance.getEntriesByType("navigation");
  leave(navigation?.type === "back_forward");
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leave(true);
  });
})();
