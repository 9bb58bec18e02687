using HmsMesh.Bank;
using Microsoft.Extensions.Configuration;

namespace HmsMesh.Services.Tests.Bank;

/// <summary>How long things take where nobody says otherwise.</summary>
public sealed class BankSettingsTests
{
    [Fact]
    public void ReturnAfter_WhereNothingIsSet_IsTheNextDay() =>
        BankSettings.From(new ConfigurationBuilder().Build()).ReturnAfter.ShouldBe(TimeSpan.FromDays(1));
}
