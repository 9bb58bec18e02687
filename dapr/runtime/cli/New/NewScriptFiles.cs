using HmsMesh.Cli.Generate.Files;

namespace HmsMesh.Cli.New;

/// <summary>The files of a new service in Node or Python; what such services share lies in services/kit.</summary>
internal static class NewScriptFiles
{
    /// <summary>What runs the service's test: its language's own runner, with nothing installed.</summary>
    public static string TestCommand(NewService service, string language) =>
        $"(cd {service.Path} && {(language == "node" ? "node --test" : "python3 -m unittest")})";

    public static IEnumerable<GeneratedFile> Of(NewService service, string language)
    {
        var (file, command, program) = language == "node"
            ? ("index.js", "[node, index.js]", Node(service))
            : ("service.py", "[python3, service.py]", Python(service));
        yield return new($"{service.Path}/{file}", program);
        yield return language == "node" ? new($"{service.Path}/index.test.js", NodeTest(service)) : new($"{service.Path}/test_service.py", PythonTest(service));
        yield return new($"{service.Path}/contracts/{service.Says.Topic}.json", NewServiceContract.Schema(service));
        yield return new($"{service.Path}/asyncapi.yaml", NewServiceContract.AsyncApi(service, command));
        yield return new($"{service.Path}/README.md", Readme(service, file, language));
    }

    private static string Node(NewService service)
    {
        var hears = service.Hears.Select(heard => $$"""
            mesh.hears('{{heard.Topic}}', (data, event) => {
              mesh.log(`Heard event ${event.id}`);
              return [['{{service.Says.Topic}}', { eventId: event.id }]];
            });

            """);
        return $$"""
            'use strict';
            const mesh = require('../kit/node')(__dirname);

            {{string.Concat(hears)}}if (require.main === module) mesh.run();
            module.exports = mesh;

            """;
    }

    private static string NodeTest(NewService service)
    {
        var tests = service.Hears.Select(heard => $$"""

            test('says {{service.Says.Topic}} when it hears {{heard.Topic}}', async () => {
              const said = await mesh.rehearse('{{heard.Topic}}', mesh.example('{{heard.Topic}}'), { id: 'event-1' });
              assert.deepEqual(said, [['{{service.Says.Topic}}', { eventId: 'event-1' }]]);
            });

            """);
        return $$"""
            'use strict';
            const assert = require('node:assert/strict');
            const { test } = require('node:test');
            const mesh = require('./index');
            {{string.Concat(tests)}}
            """;
    }

    private static string Python(NewService service)
    {
        var hears = service.Hears.Select(heard => $$"""
            @mesh.hears("{{heard.Topic}}")
            def hear_{{Name(heard)}}(data, event):
                mesh.log(f"Heard event {event['id']}")
                return [("{{service.Says.Topic}}", {"eventId": event["id"]})]



            """);
        return $$"""
            import pathlib
            import sys

            sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "kit" / "python"))
            from hms_mesh import Mesh  # noqa: E402

            mesh = Mesh(__file__)


            {{string.Concat(hears)}}if __name__ == "__main__":
                mesh.run()

            """;
    }

    private static string PythonTest(NewService service)
    {
        var tests = service.Hears.Select(heard => $$"""

                def test_{{Name(heard)}}(self):
                    said = mesh.rehearse("{{heard.Topic}}", mesh.example("{{heard.Topic}}"), {"id": "event-1"})
                    self.assertEqual(said, [("{{service.Says.Topic}}", {"eventId": "event-1"})])

            """);
        return $"""
            import unittest

            from service import mesh


            class Says{service.Says.Type}WhenItHears(unittest.TestCase):
            {string.Concat(tests)[1..]}
            """;
    }

    private static string Name(NewEvent heard) => heard.Topic.Replace('.', '_').Replace('-', '_');

    private static string Readme(NewService service, string file, string language) => $"""
        # {service.AppId}

        Hears {string.Join(", ", service.Hears.Select(heard => $"`{heard.Topic}`"))}, logs it, and says `{service.Says.Topic}`.

        - `{file}` is the whole of it. What a handler returns, pairs of topic and data, is said after it. It may run again when it
          fails, and says the same events then; never again once it is done.
        - [../kit/{language}](../kit/{language}/README.md) checks contracts and keeps what was handled in the sidecar's state store.
        - `{TestCommand(service, language)}` at the root runs its test; nothing has to be installed or started for it.
        - `asyncapi.yaml` tells the mesh what it says and hears. After a change run `mesh generate`.
        - `contracts/{service.Says.Topic}.json` is the form of what it says; `docs/contracts.md` tells how to change it.

        """;
}
