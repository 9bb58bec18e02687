// Two services and their mesh in one process and one file: dotnet run samples/bus.cs
#:project ../dapr/runtime/testing/HmsMesh.Testing.csproj
#:property PublishAot=false
using HmsMesh.Kit;
using HmsMesh.Testing;
using Microsoft.AspNetCore.Builder;

var contract = """
    {
      "title": "ClaimApproved", "x-subject": "claimId",
      "type": "object", "required": ["claimId", "amount"],
      "properties": { "claimId": { "type": "string" }, "amount": { "type": "number", "minimum": 1 } },
      "examples": [{ "claimId": "c-1", "amount": 600 }]
    }
    """u8.ToArray();

await using var mesh = await InProcessMesh.StartAsync(m => m
    .Service("claims", claims =>
    {
        claims.Contracts.Add("claim.approved", contract);
        claims.Says<ClaimApproved>("claim.approved");
        claims.Routes(app => app.MapPost("/approve/{id}", (string id, IWorkshop workshop, CancellationToken ct) =>
            workshop.RunAsync((work, _) => Say(work, new ClaimApproved(id, 600)), ct)));
    })
    .Service("payments", payments =>
    {
        payments.Contracts.Add("claim.approved", contract);
        payments.Hears<ClaimApproved>("claim.approved", (claim, handling, ct) =>
        {
            // After the commit: a handler may run again, and runs once at the start as a rehearsal.
            var age = handling.Age.TotalMilliseconds;
            handling.AfterCommit(() => Console.WriteLine($"payments: {claim.Amount} dollars for {claim.ClaimId}, {age:F1} ms after the event"));
            return Task.CompletedTask;
        });
    }));

foreach (var id in (string[])["c-1", "c-2"])
{
    using var claims = mesh.Client("claims");
    (await claims.PostAsync($"/approve/{id}", content: null)).EnsureSuccessStatusCode();
    Console.WriteLine($"claims: approved {id}");
    await mesh.Arrived($"the payment of {id}", e => e.AppId == "payments" && e.Event?.Subject == id, TimeSpan.FromSeconds(10));
}

static Task Say(Work work, ClaimApproved approved)
{
    work.Say("claim.approved", approved);
    return Task.CompletedTask;
}

internal sealed record ClaimApproved(string ClaimId, decimal Amount);
