namespace HmsMesh.Broker.Tests.Model;

public enum StepKind
{
    Publish,
    PublishAgain,
    Replay,
    Subscribe,
    Unsubscribe,
    Pause,
    Resume,
    Forget,
    Trim,
    Reopen,
    Kill,
    Settle,
}
