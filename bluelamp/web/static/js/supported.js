// Tells the style sheet that scripts run, before the first paint. The only script that is not a module.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
