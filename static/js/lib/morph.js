// Bringing the page up to date in place: keeps focus, scroll, open folds, and above all whatever somebody is writing.

import { Idiomorph } from "../../vendor/idiomorph.esm.js";

const TYPED = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])";

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

export function isBeingWritten(element) {
  if (element.contains(document.activeElement) && document.activeElement.matches(TYPED)) return true;
  return [...element.querySelectorAll(`form ${TYPED}`), ...(element.matches?.("form") ? element.querySelectorAll(TYPED) : [])].some(isChanged);
}

function isElement(node) {
  return node.nodeType === Node.ELEMENT_NODE;
}

// `replace` is the one form that may be overwritten: the server has just answered what was in it.
function guards(replace) {
  const isSafe = (node) => replace && (node === replace || node.contains(replace) || replace.contains(node));
  return {
    // The link whose form stands open in its place does not come back beside it.
    beforeNodeAdded(node) {
      if (!isElement(node) || !node.matches("a[data-in-place]")) return true;
      const open = document.querySelector(`form[data-in-place-of="${CSS.escape(node.getAttribute("href"))}"]`);
      return !open || open === replace;
    },
    beforeNodeMorphed(old) {
      if (!isElement(old) || isSafe(old)) return true;
      if (old.matches("[data-keep], form[data-stances][aria-busy=true]")) return false;
      return !(old.matches("form") && isBeingWritten(old));
    },
    beforeNodeRemoved(old) {
      if (!isElement(old) || isSafe(old)) return true;
      return !(old.matches("[data-keep]") || isBeingWritten(old));
    },
    // Whoever opened a fold or a dialog did so for a reason the server does not know.
    beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details, dialog")),
  };
}

export function morph(old, fresh, { inner = false, replace = null, whole = false } = {}) {
  Idiomorph.morph(old, fresh, { morphStyle: inner ? "innerHTML" : "outerHTML", callbacks: guards(replace) });
  document.dispatchEvent(new CustomEvent("page:changed", { detail: { whole } }));
}
