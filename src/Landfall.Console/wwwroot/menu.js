// A link followed within the console leaves the page in place, and with it a menu that is open.
document.addEventListener("click", event => {
  if (event.target.closest("[popover] a")) {
    document.querySelectorAll("[popover]:popover-open").forEach(menu => menu.hidePopover());
  }
});
