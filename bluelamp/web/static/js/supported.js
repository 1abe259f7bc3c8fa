// Tells the style sheet that scripts run. Not a module, because modules run after the first paint, when parts that only
// the page without JavaScript needs would flash.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
