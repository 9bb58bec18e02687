using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>The last word of a topic is a verb: what happened (claim.approved) or what shall (permit.issue).</summary>
internal sealed class TopicVerbLint : ILint
{
    public const string Name = "topic-verb";

    // Past forms that do not end with -ed.
    private static readonly HashSet<string> Irregular = new(StringComparer.Ordinal)
    {
        "begun", "bought", "bound", "broken", "brought", "built", "caught", "chosen", "cut", "done", "drawn", "driven", "fallen", "felt",
        "found", "frozen", "given", "gone", "grown", "heard", "held", "hidden", "hit", "kept", "known", "laid", "led", "left", "lent", "lost", "made",
        "met", "paid", "put", "read", "risen", "run", "said", "seen", "sent", "set", "shown", "shut", "sold", "spent", "split", "spoken", "stolen",
        "struck", "taken", "taught", "thrown", "told", "understood", "undone", "unpaid", "withdrawn", "won", "written",
    };

    // Commands, in the form in which they are given.
    private static readonly HashSet<string> Imperative = new(StringComparer.Ordinal)
    {
        "accept", "add", "allow", "apply", "approve", "assign", "block", "book", "call", "cancel", "change", "check", "clear", "close", "collect",
        "compute", "confirm", "create", "deliver", "deny", "dispatch", "divert", "end", "enroll", "expire", "extend", "file", "grant", "hide", "hold",
        "inspect", "invite", "issue", "move", "notify", "open", "order", "pause", "pay", "prepare", "print", "publish", "record", "refund", "refuse",
        "register", "reject", "release", "remind", "remove", "renew", "replace", "request", "reserve", "resume", "return", "review", "revoke", "schedule",
        "send", "ship", "show", "start", "stop", "store", "submit", "suspend", "transfer", "update", "verify", "void", "withdraw",
    };

    // Nouns and numbers that end as a past form does.
    private static readonly HashSet<string> Nouns = new(StringComparer.Ordinal)
    {
        "bed", "breed", "creed", "deed", "embed", "exceed", "feed", "greed", "heed", "hundred", "indeed", "need", "newlywed", "red", "reed", "seed",
        "shed", "sled", "speed", "steed", "sacred", "kindred", "naked", "weed", "wed", "med", "fed", "zed",
    };

    public IEnumerable<Problem> Check(MeshModel mesh) =>
        from said in mesh.Services.SelectMany(service => service.Says)
        where !HoldsVerb(said.Topic)
        select said.Source.Fault(
            $"the topic {said.Topic} ends with no verb",
            $"name what happened or what shall, such as claim.approved or permit.issue; a given name goes into {LintExceptions.File} with its reason") with
        {
            Lint = Name,
            Topic = said.Topic,
        };

    public static bool HoldsVerb(string topic)
    {
        var words = topic.Split('.').ToList();
        // permit.issued.v2 is the second version of permit.issued.
        if (words.Count > 2 && words[^1] is ['v', .. var version] && version.All(char.IsAsciiDigit))
            words.RemoveAt(words.Count - 1);
        // The last word may say more of it: re-issued, issued-late.
        return words.Count > 1 && words[^1].Split('-').Any(IsVerb);
    }

    private static bool IsVerb(string word) =>
        Irregular.Contains(word) || Imperative.Contains(word) || (word.Length > 3 && word.EndsWith("ed", StringComparison.Ordinal) && !Nouns.Contains(word));
}
