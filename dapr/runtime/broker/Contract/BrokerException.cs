namespace HmsMesh.Broker;

/// <summary>The root of what the broker throws: bugs and what stops it from opening. Its message names the place and the remedy.</summary>
public class BrokerException : Exception
{
    public BrokerException(string message) : base(message)
    {
    }

    public BrokerException(string message, Exception inner) : base(message, inner)
    {
    }
}
