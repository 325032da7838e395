// A form that sends itself where scripts run: a chair in the demo, sat down in without a click.

export function start() {
  document.querySelector("form[data-press-now]")?.submit();
}
