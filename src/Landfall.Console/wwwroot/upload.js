// Sends dropped or chosen files straight to the API: a browser streams them from the disk, and the server's memory holds no more than a buffer.
export function attach(zone, input, page, largest, texts) {
  const running = new Map();
  let next = 0;

  const send = file => {
    const id = ++next;
    page.invokeMethodAsync("Begun", id, file.name, file.size);
    const fail = message => {
      running.delete(id);
      page.invokeMethodAsync("Failed", id, message);
    };
    if (file.size === 0) {
      fail(texts.empty);
      return;
    }

    if (file.size > largest) {
      fail(texts.large);
      return;
    }

    const request = new XMLHttpRequest();
    running.set(id, request);
    let told = 0;
    request.upload.onprogress = event => {
      const now = performance.now();
      if (event.lengthComputable && now - told > 150) {
        told = now;
        page.invokeMethodAsync("Progressed", id, event.loaded);
      }
    };
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // A proxy's page: the status is all there is to say.
      }

      if (request.status === 200) {
        running.delete(id);
        page.invokeMethodAsync("Arrived", id, answer.sha256, answer.size);
      } else {
        fail(answer.detail ?? `${request.status} ${request.statusText}`);
      }
    };

    // A folder, or a file that was moved or may not be read, ends here just as a lost connection does.
    request.onerror = () => fail(texts.unreadable);
    request.open("POST", "api/blobs");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  };

  const listen = (element, type, handler) => {
    element.addEventListener(type, handler);
    return () => element.removeEventListener(type, handler);
  };
  const over = event => {
    event.preventDefault();
    zone.dataset.over = "";
  };
  const ends = [
    listen(zone, "dragenter", over),
    listen(zone, "dragover", over),
    listen(zone, "dragleave", event => {
      if (!zone.contains(event.relatedTarget)) {
        delete zone.dataset.over;
      }
    }),
    listen(zone, "drop", event => {
      event.preventDefault();
      delete zone.dataset.over;
      [...event.dataTransfer.files].forEach(send);
    }),
    listen(input, "change", () => {
      [...input.files].forEach(send);
      input.value = "";
    }),
  ];

  return {
    cancel: id => {
      const request = running.get(id);
      running.delete(id);
      request?.abort();
    },
    sample: async (address, name) => send(new File([await (await fetch(address)).blob()], name)),
    detach: () => {
      ends.forEach(end => end());
      running.forEach(request => request.abort());
    },
  };
}
