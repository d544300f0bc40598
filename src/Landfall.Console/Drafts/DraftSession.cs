using Landfall.Protocol;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Drafts;
using Landfall.Protocol.Landings;

namespace Landfall.Console.Drafts;

/// <summary>
/// A draft being edited: its text, and the form, problems and plan that follow from the text. Each change is saved before the
/// next is made, and only the newest of those that wait is.
/// </summary>
/// <param name="client">The API.</param>
/// <param name="draft">The draft as loaded.</param>
public sealed class DraftSession(LandfallClient client, Draft draft)
{
    // Not disposed of: a save that is cancelled by leaving the page still releases its turn.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _edits = new(1, 1);
    private int _newest;
    private int _editing;

    /// <summary>The draft as last saved.</summary>
    public Draft Draft { get; private set; } = draft;

    /// <summary>The text as it stands here.</summary>
    public string Text { get; private set; } = draft.Text;

    /// <summary>The essentials; while the text is no YAML, those of the last that was.</summary>
    public BriefForm? Form { get; private set; }

    /// <summary>Whether the form shows the text as it stands.</summary>
    public bool IsFormCurrent { get; private set; }

    /// <summary>What is wrong with the text.</summary>
    public IReadOnlyList<BriefProblem> Problems { get; private set; } = [];

    /// <summary>What a landing would do; null with errors.</summary>
    public LandingPlan? Plan { get; private set; }

    /// <summary>Whether the text may be landed.</summary>
    public bool CanLand => IsChecked && Problems.All(problem => problem.Severity != Severity.Error);

    /// <summary>Whether problems and plan are those of the text as it stands.</summary>
    public bool IsChecked { get; private set; }

    /// <summary>Whether all of it is on the server.</summary>
    public bool IsSaved => Text == Draft.Text;

    /// <summary>The landing of the text as it stands.</summary>
    /// <param name="takeOver">Take the app's name over from where it is landed now.</param>
    public LandingRequest Request(bool takeOver) => new()
    {
        Brief = Source(),
        Origin = Draft.Origin,
        ReplaceOrigin = takeOver || Draft.CopyOf is not null,
    };

    /// <summary>Reads and checks what was loaded.</summary>
    public Task OpenAsync(CancellationToken cancellation) => FollowAsync(++_newest, cancellation);

    /// <summary>Takes a text as it is typed; <see cref="FollowTypedAsync"/> saves and checks it once the typing pauses.</summary>
    /// <returns>The number of this change.</returns>
    public int Type(string text) => Take(text);

    /// <summary>Saves and checks what was typed, unless more has been since.</summary>
    public Task FollowTypedAsync(int version, CancellationToken cancellation) => FollowAsync(version, cancellation);

    /// <summary>Makes a form's changes in the text.</summary>
    public async Task ChangeFormAsync(BriefForm form, CancellationToken cancellation)
    {
        // Known at once, so that a change of the next field is made on top of this one.
        var before = Form;
        Form = form;
        int version;
        Interlocked.Increment(ref _editing);
        await _edits.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            version = Take((await client.EditBriefAsync(new BriefEditRequest(Text, form), cancellation).ConfigureAwait(false)).Text);
        }
        catch
        {
            Form = before;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _editing);
            _edits.Release();
        }

        await FollowAsync(version, cancellation).ConfigureAwait(false);
    }

    private int Take(string text)
    {
        (Text, IsChecked) = (text, false);
        return ++_newest;
    }

    private BriefSource Source() => new() { Text = Text, Files = Draft.Files };

    private async Task FollowAsync(int version, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (version != _newest)
            {
                return;
            }

            var text = Text;
            if (!IsSaved)
            {
                Draft = await client.ChangeDraftAsync(Draft.Id, new DraftChange(text, Draft.Revision), cancellation).ConfigureAwait(false);
            }

            var form = (await client.ReadBriefFormAsync(new BriefFormRequest(text), cancellation).ConfigureAwait(false)).Form;
            var check = await client.CheckBriefAsync(Source(), cancellation).ConfigureAwait(false);
            var plan = check.IsValid ? await client.PlanLandingAsync(Request(takeOver: false), cancellation).ConfigureAwait(false) : null;

            // A change that is being made will be followed by what is true of it; until then the form shows what was chosen.
            if (text == Text && _editing == 0)
            {
                (Form, IsFormCurrent, Problems, Plan, IsChecked) = (form ?? Form, form is not null, check.Problems, plan, true);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
