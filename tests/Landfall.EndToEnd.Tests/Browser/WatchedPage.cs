using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Landfall.EndToEnd.Browser;

/// <summary>A page of which nothing goes unnoticed: console errors, failed requests, empty assets.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<Task> _assets = new();
    private volatile bool _isLive;

    public WatchedPage(IPage page)
    {
        Page = page;
        page.SetDefaultTimeout(30_000);
        page.Console += (_, message) =>
        {
            // A page that is missing says so with its status; the browser repeats that as an error.
            if (message.Type is "error" or "warning" && !(message.Text.Contains("404", StringComparison.Ordinal) && message.Location.StartsWith(page.Url, StringComparison.Ordinal)))
            {
                _complaints.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"script error: {error}");
        page.RequestFailed += (_, request) => _complaints.Enqueue($"failed request: {request.Url} ({request.Failure})");
        page.Response += (_, response) =>
        {
            if (response.Request.ResourceType != "document")
            {
                _assets.Enqueue(CheckAsync(response));
            }
        };
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => _isLive = true;
    }

    public IPage Page { get; }

    /// <summary>Opens an address and waits until the page answers to the user.</summary>
    /// <returns>The status.</returns>
    public async Task<int> GotoAsync(string path)
    {
        _isLive = false;
        var response = await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        for (var tries = 0; !_isLive && tries < 300; tries++)
        {
            await Task.Delay(50);
        }

        Assert.True(_isLive, $"{path}: the page never got its live connection.");

        // The first interactive render replaces the prerendered one; two animation frames after the last change it stands still.
        await Page.EvaluateAsync(
            """
            () => new Promise(done => {
              let timer = setTimeout(done, 250);
              new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 150); }).observe(document.body, { subtree: true, childList: true });
              setTimeout(done, 2000);
            })
            """);
        return response!.Status;
    }

    public ILocator Test(string id) => Page.GetByTestId(id);

    /// <summary>Fails where anything went wrong since the page was opened.</summary>
    public async Task AssertCleanAsync()
    {
        while (_assets.TryDequeue(out var asset))
        {
            await asset;
        }

        Assert.Empty(_complaints);
    }

    /// <summary>Fails where the page is wider than its window.</summary>
    public async Task AssertFitsAsync()
    {
        var overflow = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{Page.Url} is {overflow} pixels wider than its window of {Page.ViewportSize!.Width}.");
    }

    /// <summary>Fails where something cannot be used without seeing it: no name, a reference that leads nowhere, a heading left out.</summary>
    public async Task AssertAccessibleAsync() => Assert.Empty(await Page.EvaluateAsync<string[]>(
        """
        () => {
          const bad = [], seen = new Set();
          const shown = e => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
          const text = id => document.getElementById(id)?.textContent.trim() ?? "";
          const name = e => e.getAttribute("aria-label")?.trim()
            || (e.getAttribute("aria-labelledby") ?? "").split(" ").map(text).join("").trim()
            || [...(e.labels ?? [])].map(l => l.textContent.trim()).join("")
            || (/^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName) ? "" : e.textContent.trim()) || e.title;
          const what = e => `${location.pathname} <${e.tagName.toLowerCase()} ${e.id || e.className || e.dataset.testid || ""}>`;
          for (const e of document.querySelectorAll("a[href],button,input,select,textarea,summary,[role=region],[role=img],nav,progress")) {
            if (shown(e) && e.type !== "hidden" && !name(e)) bad.push(`${what(e)} has no name`);
          }
          for (const e of document.querySelectorAll("[id]")) {
            if (seen.has(e.id)) bad.push(`${what(e)}: the id is there twice`);
            seen.add(e.id);
          }
          for (const attribute of ["aria-labelledby", "aria-describedby", "for", "popovertarget"]) {
            for (const e of document.querySelectorAll(`[${attribute}]`)) {
              for (const id of e.getAttribute(attribute).split(" ")) if (!document.getElementById(id)) bad.push(`${what(e)}: ${attribute} names #${id}, which is not there`);
            }
          }
          for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) bad.push(`${what(e)} changes the focus order`);
          const levels = [...document.querySelectorAll("h1,h2,h3,h4")].filter(shown).map(e => +e.tagName[1]);
          if (levels[0] !== 1 || levels.some((l, i) => i > 0 && l > levels[i - 1] + 1)) bad.push(`${location.pathname}: headings ${levels.join(" ")}`);
          if (document.querySelectorAll("main").length !== 1) bad.push(`${location.pathname}: not one main`);
          return bad;
        }
        """));

    private async Task CheckAsync(IResponse asset)
    {
        if (asset.Status is >= 400)
        {
            _complaints.Enqueue($"status {asset.Status}: {asset.Url}");
        }
        else if (asset.Request.ResourceType is "script" or "stylesheet" or "font" or "image" && asset.Status == 200)
        {
            try
            {
                if ((await asset.BodyAsync()).Length == 0)
                {
                    _complaints.Enqueue($"empty: {asset.Url}");
                }
            }
            catch (PlaywrightException)
            {
                // The page went on to another one meanwhile, and the browser has let go of this body.
            }
        }
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
