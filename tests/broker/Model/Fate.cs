namespace HmsMesh.Broker.Tests.Model;

/// <summary>How a handler answers an event: it stands in the event itself.</summary>
internal enum Fate
{
    Handled,
    FailsTwice,
    GivenUp,
    Dropped,
}
