using HmsMesh.Sidecar.PubSub;

namespace HmsMesh.Sidecar.Tests.PubSub;

public class PubSubTopicScopesTests
{
    [Theory]
    [InlineData("", "", "", "a", true)]
    [InlineData("a,b", "", "", "a", true)]
    [InlineData("a, b", "", "", "b", true)]
    [InlineData("a,b", "", "", "c", false)]
    [InlineData("", "c", "", "c", false)]
    [InlineData("", "c", "", "a", true)]
    [InlineData("", "c", "app=c", "c", true)]
    [InlineData("", "", "app=a;other=b", "a", true)]
    [InlineData("", "", "app=a;other=b", "b", false)]
    [InlineData("", "", "other=b", "anything", true)]
    [InlineData("", "", "app=", "a", false)]
    [InlineData("a", "", "app=a,b", "b", false)]
    [InlineData("", "", "app = a , b ; other = c", "b", true)]
    public void Scopes_EachCountOnTheirOwn(string allowed, string @protected, string scope, string topic, bool expected)
    {
        var publishing = new TopicScopes(Metadata("publishingScopes"), "app");
        publishing.MayPublish(topic).ShouldBe(expected);

        var subscribing = new TopicScopes(Metadata("subscriptionScopes"), "app");
        subscribing.MaySubscribe(topic).ShouldBe(expected);

        Dictionary<string, string> Metadata(string name) => new(StringComparer.OrdinalIgnoreCase)
        {
            ["allowedTopics"] = allowed,
            ["protectedTopics"] = @protected,
            [name] = scope,
        };
    }

    [Fact]
    public void Scopes_OfPublishing_SayNothingOfSubscribing()
    {
        var scopes = new TopicScopes(new Dictionary<string, string> { ["publishingScopes"] = "app=a" }, "app");

        scopes.MayPublish("b").ShouldBeFalse();
        scopes.MaySubscribe("b").ShouldBeTrue();
    }
}
