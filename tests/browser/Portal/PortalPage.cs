using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>The portal as a test sees it.</summary>
internal sealed class PortalPage : IAsyncDisposable
{
    private readonly string _address;
    private readonly List<string> _complaints = [];

    public PortalPage(IPage page, string address)
    {
        (Page, _address) = (page, address);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, broken policies among them, and exceptions.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(_address + path[1..]);
        await ShownAsync();
    }

    public Task ShownAsync() => Page.WaitForSelectorAsync("main[data-shown]", new() { State = WaitForSelectorState.Visible });

    public async Task ShouldPassAxeAsync()
    {
        var result = await Page.RunAxe();
        result.Violations.Select(v => $"{v.Id}: {v.Help} at {string.Join(", ", v.Nodes.Select(n => n.Target))}").ShouldBeEmpty(Page.Url);
        result.Passes.ShouldNotBeEmpty();
    }

    public Task PictureAsync(string name) => Pictures.TakeAsync(Page, $"portal-{name}");

    /// <summary>What fits the screen: a dialog lies over that, not over the whole page.</summary>
    public Task ViewAsync(string name) => Pictures.TakeAsync(Page, $"portal-{name}", isWhole: false);

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());
}
